using System.Collections.Generic;

namespace Deepidv
{
    /// <summary>A session of the service. Its texts may contain personal data; an absent one is null.</summary>
    public sealed class Session
    {
        internal Session() { }

        /// <summary>The id.</summary>
        public string Id { get; internal set; }

        /// <summary>The URL for the applicant; only a create returns it.</summary>
        public string Url { get; internal set; }

        /// <summary>Your external id, or the one that the library made.</summary>
        public string ExternalId { get; internal set; }

        /// <summary>When it expires, in ISO 8601.</summary>
        public string ExpiresAt { get; internal set; }

        /// <summary>The status in the service's words, such as VERIFIED.</summary>
        public string Status { get; internal set; }

        /// <summary>The progress in the service's words.</summary>
        public string Progress { get; internal set; }

        /// <summary>What the status means.</summary>
        public Verdict Verdict { get; internal set; }

        /// <summary>It existed before FindOrCreateAsync.</summary>
        public bool Found { get; internal set; }

        /// <summary>It was found by a search, so it has no URL.</summary>
        public bool Reconciled { get; internal set; }

        /// <summary>How many times the request was sent.</summary>
        public uint Attempts { get; internal set; }

        /// <summary>What is missing here.</summary>
        public ResultFacts Facts { get; internal set; }

        /// <summary>The links of the response: URL, and what it is, or null.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Links { get; internal set; }

        /// <summary>The body of the response.</summary>
        public byte[] Raw { get; internal set; }

        /// <summary>The whole result as JSON.</summary>
        public string Describe { get; internal set; }
    }

    /// <summary>A page of the list of sessions.</summary>
    public sealed class Page
    {
        internal Page() { }

        /// <summary>The ids of the sessions.</summary>
        public IReadOnlyList<string> Ids { get; internal set; }

        /// <summary>For the next page, or null on the last one.</summary>
        public string NextToken { get; internal set; }

        /// <summary>The body of the response, with the record of each session.</summary>
        public byte[] Raw { get; internal set; }

        /// <summary>The whole result as JSON.</summary>
        public string Describe { get; internal set; }
    }
}
