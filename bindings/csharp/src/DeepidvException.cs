using System;
using System.Collections.Generic;

namespace Deepidv
{
    /// <summary>
    /// A call that failed. The message has no personal data; ApiMessage, Hints, Session and Describe may have some.
    /// There is a subclass for each class of failures.
    /// </summary>
    public abstract class DeepidvException : Exception
    {
        private readonly Failure failure;
        private readonly string message;

        internal DeepidvException(Failure failure)
        {
            this.failure = failure;
            message = failure.Message(this is DeepidvUntrustedException);
        }

        /// <inheritdoc/>
        public override string Message => message;

        /// <summary>The status.</summary>
        public Status Status => failure.Status;

        /// <summary>The name of the status in C, such as DEEPIDV_E_PHONE.</summary>
        public string Code => Failure.Code(failure.Status);

        /// <summary>The reason, such as Connect; otherwise equal to the status.</summary>
        public Status Cause => failure.Cause;

        /// <summary>Whether the same call is safe to repeat. Never after an unknown outcome.</summary>
        public bool Retryable => Statuses.Retryable(Status) || (Status == Status.Timeout && failure.HasResult);

        /// <summary>The option, field or parameter that was refused, or null.</summary>
        public string Field => failure.Field;

        /// <summary>The HTTP status, or 0 if there was no response.</summary>
        public int HttpStatus => failure.HttpStatus;

        /// <summary>How long to wait before the next request.</summary>
        public TimeSpan RetryAfter => failure.RetryAfter;

        /// <summary>The error code of the service, or null.</summary>
        public string ApiCode => failure.ApiCode;

        /// <summary>The id that the service gave the request, for its support, or null.</summary>
        public string RequestId => failure.RequestId;

        /// <summary>The external id of the create: yours, or the one that the library made.</summary>
        public string ExternalId => failure.ExternalId;

        /// <summary>The message of the service. May contain personal data.</summary>
        public string ApiMessage => failure.ApiMessage;

        /// <summary>Details that the service adds. May contain personal data.</summary>
        public IReadOnlyList<string> Hints => failure.Hints;

        /// <summary>Of a wait: the record that was seen last, or null.</summary>
        public Session Session => failure.Session;

        /// <summary>The whole result as JSON, or empty if nothing was sent. May contain personal data.</summary>
        public string Describe => failure.Describe;

        internal string Token => failure.ReconcileToken;

        internal IReadOnlyList<string> Ids => failure.SessionIds;
    }

    /// <summary>
    /// A session may exist, and the applicant may have been invited. Do not repeat the create in another process:
    /// store the token, and pass it to Client.ReconcileAsync later.
    /// </summary>
    public sealed class OutcomeUnknownException : DeepidvException
    {
        internal OutcomeUnknownException(Failure failure) : base(failure) { }

        /// <summary>The token for Client.ReconcileAsync, in any process, or null.</summary>
        public string ReconcileToken => Token;

        /// <summary>The sessions that were found, with Status.Duplicate.</summary>
        public IReadOnlyList<string> SessionIds => Ids;
    }
}
