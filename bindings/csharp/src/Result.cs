using System;
using System.Collections.Generic;

namespace Deepidv
{
    /// <summary>Reads a result.</summary>
    internal static class Result
    {
        private delegate IntPtr Getter(ResultHandle result, out UIntPtr length);

        private delegate IntPtr GetterAt(ResultHandle result, uint index, out UIntPtr length);

        /// <summary>Returns the session, or throws. A forged redirect is a verdict.</summary>
        internal static Session Session(ResultHandle result)
        {
            var session = Read(result);
            if (Native.deepidv_result_status(result) != 0 && session.Verdict != Verdict.Forged)
                throw Exception(result, session);
            return session;
        }

        /// <summary>Returns the page, or throws.</summary>
        internal static Page Page(ResultHandle result)
        {
            if (Native.deepidv_result_status(result) != 0)
                throw Exception(result, Read(result));
            return new Page
            {
                Ids = Texts(result, Native.deepidv_result_session_id_at),
                NextToken = String(result, Native.deepidv_result_next_token),
                Raw = Bytes(result, Native.deepidv_result_json),
                Describe = Describe(result),
            };
        }

        private static Session Read(ResultHandle result)
        {
            var links = new List<KeyValuePair<string, string>>();
            for (uint i = 0; i < Native.deepidv_result_link_count(result); i++)
                links.Add(new KeyValuePair<string, string>(
                    StringAt(result, Native.deepidv_result_link, i), StringAt(result, Native.deepidv_result_link_rel, i)));
            return new Session
            {
                Id = String(result, Native.deepidv_result_session_id),
                Url = String(result, Native.deepidv_result_session_url),
                ExternalId = String(result, Native.deepidv_result_external_id),
                ExpiresAt = String(result, Native.deepidv_result_expires_at),
                Status = String(result, Native.deepidv_result_session_status),
                Progress = String(result, Native.deepidv_result_session_progress),
                Verdict = (Verdict)Native.deepidv_result_verdict(result),
                Found = Native.deepidv_result_found(result) != 0,
                Reconciled = Native.deepidv_result_reconciled(result) != 0,
                Attempts = Native.deepidv_result_attempts(result),
                Facts = (ResultFacts)Native.deepidv_result_facts(result),
                Links = links,
                Raw = Bytes(result, Native.deepidv_result_json),
                Describe = Describe(result),
            };
        }

        /// <summary>Returns an empty text if memory ran out for it.</summary>
        private static string Describe(ResultHandle result)
        {
            return String(result, Native.deepidv_result_describe) ?? "";
        }

        private static DeepidvException Exception(ResultHandle result, Session session)
        {
            var status = (Status)Native.deepidv_result_status(result);
            return Statuses.Exception(new Failure
            {
                Status = status,
                Cause = (Status)Native.deepidv_result_cause(result),
                Field = String(result, Native.deepidv_result_field),
                HttpStatus = Native.deepidv_result_http_status(result),
                RetryAfter = Text.Duration(Native.deepidv_result_retry_after_ms(result)),
                ApiCode = String(result, Native.deepidv_result_api_code),
                RequestId = String(result, Native.deepidv_result_request_id),
                ExternalId = session.ExternalId,
                ApiMessage = String(result, Native.deepidv_result_message),
                Hints = Texts(result, Native.deepidv_result_hint),
                ReconcileToken = String(result, Native.deepidv_result_reconcile_token),
                SessionIds = Texts(result, Native.deepidv_result_session_id_at),
                Session = status == Status.Timeout && session.Id != null ? session : null,
                Describe = session.Describe,
                HasResult = true,
            });
        }

        private static byte[] Bytes(ResultHandle result, Getter getter)
        {
            UIntPtr length;
            var text = getter(result, out length);
            return Text.Bytes(text, length);
        }

        private static string String(ResultHandle result, Getter getter)
        {
            UIntPtr length;
            var text = getter(result, out length);
            return Text.String(text, length);
        }

        private static string StringAt(ResultHandle result, GetterAt getter, uint index)
        {
            UIntPtr length;
            var text = getter(result, index, out length);
            return Text.String(text, length);
        }

        /// <summary>Reads until the first text that is absent.</summary>
        private static IReadOnlyList<string> Texts(ResultHandle result, GetterAt getter)
        {
            var all = new List<string>();
            for (string text; (text = StringAt(result, getter, (uint)all.Count)) != null;)
                all.Add(text);
            return all;
        }
    }
}
