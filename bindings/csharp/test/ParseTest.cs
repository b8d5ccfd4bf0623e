using System.Text;
using NUnit.Framework;

namespace Deepidv.Tests
{
    [TestFixture]
    public class ParseTest
    {
        [Test]
        public void RedirectIsDecoded()
        {
            var redirect = Redirect.Parse("/cb?x=%C3%BC+1&session_id=s%C3%A9ss&status=failed&reason=face_mismatch");
            Assert.AreEqual("séss", redirect.SessionId);
            Assert.AreEqual(RedirectStatus.Failed, redirect.Status);
            Assert.AreEqual(Reason.FaceMismatch, redirect.Reason);
            Assert.AreEqual("face_mismatch", redirect.ReasonText);
            Assert.AreEqual("ü 1", redirect.Param("x"));
            Assert.IsNull(redirect.Param("y"));
            Assert.IsTrue(redirect.Matches("séss"));
            Assert.IsFalse(redirect.Matches("sess"));
            StringAssert.Contains("\"session_id\":\"séss\"", redirect.Describe());
            Assert.IsNull(Redirect.Parse("").SessionId);
            Assert.AreEqual(Facts.NoSessionId, Redirect.Parse("").Facts);
            Assert.Greater(Redirect.Parse("?" + new string('x', 20000)).Describe().Length, 20000);
        }

        [Test]
        public void RepeatedParameterIsRefused()
        {
            var failure = Assert.Throws<DeepidvAnswerException>(
                () => Redirect.Parse("?status=failed&status=success"));
            Assert.AreEqual(Status.Repeated, failure.Status);
        }

        [Test]
        public void WebhookIsVerifiedBeforeItIsRead()
        {
            var body = Encoding.UTF8.GetBytes(
                "{\"type\": \"session.status.verified\", \"data\": {\"id\": \"s\", \"status\": \"VERIFIED\"}}");
            var webhook = Webhook.Open(body, "whsec_b", "whsec_a", "whsec_b");
            Assert.AreEqual(WebhookType.SessionVerified, webhook.Type);
            Assert.AreEqual(Verdict.Verified, webhook.Verdict);
            Assert.IsTrue(webhook.Supersedes(null));
            Assert.IsFalse(webhook.Supersedes(webhook.Key));
            var forged = Assert.Throws<DeepidvUntrustedException>(() => Webhook.Open(body, null, "whsec_a"));
            var malformed = Assert.Throws<DeepidvUntrustedException>(
                () => Webhook.Open(new byte[0], "whsec_a", "whsec_a"));
            Assert.AreEqual(Status.WebhookSignature, forged.Status);
            Assert.AreEqual(Status.Webhook, malformed.Status);
            Assert.AreEqual(forged.Message, malformed.Message);
        }

        [Test]
        public void TheLibraryIsLoaded()
        {
            Assert.AreEqual(0, Client.AbiVersion >> 16);
            Assert.IsNotEmpty(Client.Version);
            Assert.IsNotNull(Client.LibcurlProblem);
        }
    }
}
