using System;
using System.Collections.Generic;

namespace Deepidv
{
    /// <summary>What an exception is made of.</summary>
    internal sealed class Failure
    {
        internal Status Status;
        internal Status Cause;
        internal string Field;
        internal int HttpStatus;
        internal TimeSpan RetryAfter;
        internal string ApiCode;
        internal string RequestId;
        internal string ExternalId;
        internal string ApiMessage;
        internal IReadOnlyList<string> Hints = new string[0];
        internal string ReconcileToken;
        internal IReadOnlyList<string> SessionIds = new string[0];
        internal Session Session;
        internal string Describe = "";

        /// <summary>Whether there was a result, so that Timeout is that of a lookup.</summary>
        internal bool HasResult;

        /// <summary>A call that was refused before it had a result.</summary>
        internal static DeepidvException Refused(Status status, string field)
        {
            return Statuses.Exception(new Failure { Status = status, Cause = status, Field = field });
        }

        internal static void Check(int status, string field)
        {
            if (status != 0)
                throw Refused((Status)status, field);
        }

        internal static string Code(Status status)
        {
            return Text.Constant(Native.deepidv_status_name((int)status));
        }

        internal string Message(bool untrusted)
        {
            // One text, so that a forger learns nothing.
            if (untrusted)
                return "The signature or the body of the webhook was not accepted.";
            var words = Code(Status) + (Field == null ? "" : " (" + Field + ")");
            words += ": " + Text.Constant(Native.deepidv_status_text((int)Status));
            return Cause == Status ? words : words + " Cause: " + Code(Cause) + ".";
        }
    }
}
