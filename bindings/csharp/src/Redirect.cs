using System;
using System.Text;

namespace Deepidv
{
    /// <summary>
    /// What the query of a redirect claims, decoded. Nothing in it is signed: see Client.ConfirmAsync. An absent text is
    /// null.
    /// </summary>
    public sealed class Redirect
    {
        private readonly byte[] url;
        private readonly UIntPtr length;
        private RedirectStruct parsed;

        private Redirect(byte[] url, UIntPtr length)
        {
            this.url = url;
            this.length = length;
            Failure.Check(Native.deepidv_redirect_parse(url, length, out parsed), null);
        }

        /// <summary>Reads a redirect: an absolute URL, a path with a query, or a query.</summary>
        public static Redirect Parse(string url)
        {
            var utf8 = Deepidv.Text.Utf8(url);
            return new Redirect(utf8, Deepidv.Text.Length(utf8));
        }

        // The bits are those of deepidv_redirect.present: DEEPIDV_HAS_...

        /// <summary>The session id.</summary>
        public string SessionId => Text(1, parsed.SessionId);

        /// <summary>The status; Other if this version does not know it.</summary>
        public RedirectStatus Status => (RedirectStatus)parsed.Status;

        /// <summary>The status as received.</summary>
        public string StatusText => Text(2, parsed.StatusText);

        /// <summary>The reason; Other if this version does not know it.</summary>
        public Reason Reason => (Reason)parsed.Reason;

        /// <summary>The reason as received.</summary>
        public string ReasonText => Text(4, parsed.ReasonText);

        /// <summary>Anomalies. They are not errors, but a forged URL often has one.</summary>
        public Facts Facts => (Facts)parsed.Facts;

        /// <summary>Compares the session id with the one that you stored, in constant time.</summary>
        public bool Matches(string sessionId)
        {
            var id = Deepidv.Text.Utf8(sessionId);
            return Native.deepidv_redirect_matches(url, length, ref parsed, id, Deepidv.Text.Length(id)) == 0;
        }

        /// <summary>Returns one of your own parameters, decoded, or null.</summary>
        public string Param(string name)
        {
            var utf8 = Deepidv.Text.Utf8(name);
            SpanStruct span;
            var status = Native.deepidv_redirect_param(url, length, utf8, Deepidv.Text.Length(utf8), out span);
            if (status == (int)Deepidv.Status.Absent)
                return null;
            Failure.Check(status, name);
            return Decode(span);
        }

        /// <summary>Returns the redirect as JSON: see deepidv_redirect_describe.</summary>
        public string Describe()
        {
            var buffer = new byte[8192];
            UIntPtr size;
            var status = Native.deepidv_redirect_describe(url, length, buffer, (UIntPtr)buffer.Length, out size);
            if (status == (int)Deepidv.Status.Buffer)
            {
                buffer = new byte[checked((int)size + 1)];
                status = Native.deepidv_redirect_describe(url, length, buffer, (UIntPtr)buffer.Length, out size);
            }
            Failure.Check(status, null);
            return Encoding.UTF8.GetString(buffer, 0, (int)size);
        }

        private string Text(uint bit, SpanStruct span)
        {
            return (parsed.Present & bit) == 0 ? null : Decode(span);
        }

        private string Decode(SpanStruct span)
        {
            var buffer = new byte[checked((int)span.Length + 1)];
            UIntPtr size;
            var status = Native.deepidv_span_decode(
                url, length, ref span, buffer, (UIntPtr)buffer.Length, out size);
            // These are written nevertheless, and Facts tells.
            if (status != (int)Deepidv.Status.Utf8 && status != (int)Deepidv.Status.Nul)
                Failure.Check(status, null);
            return Encoding.UTF8.GetString(buffer, 0, (int)size);
        }
    }
}
