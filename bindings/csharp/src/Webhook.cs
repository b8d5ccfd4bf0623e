using System;

namespace Deepidv
{
    /// <summary>An event whose signature was verified.</summary>
    public sealed class Webhook
    {
        private Webhook() { }

        /// <summary>The type; Other if this version does not know it.</summary>
        public WebhookType Type { get; private set; }

        /// <summary>The key of the event: see Supersedes.</summary>
        public string Key { get; private set; }

        /// <summary>What the status of the session means. Retrieve the session before you act on it.</summary>
        public Verdict Verdict { get; private set; }

        /// <summary>The event as JSON: see deepidv_webhook_describe.</summary>
        public string Describe { get; private set; }

        /// <summary>
        /// Verifies the header deepidv-signature, which may be null, with the secrets, then reads the body. Answer
        /// Status.WebhookSignature with 401, Status.Webhook with 400 and Status.TooLong with 413.
        /// </summary>
        public static Webhook Open(byte[] body, string signature, params string[] secrets)
        {
            WebhookSecretsHandle keys;
            Failure.Check(Native.deepidv_webhook_secrets_new(out keys), null);
            using (keys)
            {
                foreach (var secret in secrets)
                {
                    var text = Text.Utf8(secret);
                    Failure.Check(Native.deepidv_webhook_secrets_add(keys, text, Text.Length(text)), "secrets");
                }
                var sent = Text.Utf8(signature);
                // An empty array would be passed as a null pointer.
                var payload = body.Length == 0 ? new byte[1] : body;
                WebhookHandle webhook;
                Failure.Check(
                    Native.deepidv_webhook_open(
                        keys, sent, Text.Length(sent), payload, (UIntPtr)body.Length, out webhook),
                    null);
                using (webhook)
                {
                    UIntPtr length;
                    var key = Native.deepidv_webhook_key(webhook, out length);
                    var opened = new Webhook { Key = Text.String(key, length) };
                    var described = Native.deepidv_webhook_describe(webhook, out length);
                    opened.Describe = Text.String(described, length);
                    opened.Type = (WebhookType)Native.deepidv_webhook_type(webhook);
                    opened.Verdict = (Verdict)Native.deepidv_webhook_verdict(webhook);
                    return opened;
                }
            }
        }

        /// <summary>Whether the event replaces the one with this key, which may be null.</summary>
        public bool Supersedes(string other)
        {
            byte[] own = Text.Utf8(Key), before = Text.Utf8(other);
            return Native.deepidv_webhook_supersedes(own, Text.Length(own), before, Text.Length(before)) == 1;
        }
    }
}
