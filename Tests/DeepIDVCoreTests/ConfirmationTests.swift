import CDeepIDV
import Testing

@testable import DeepIDVCore

@Suite struct ConfirmationTests {
  @Test(arguments: [
    ("https://a.example/cb?session_id=sess_abc&status=success", DEEPIDV_OK),
    ("?session_id=sess_abc&status=failed&reason=face_mismatch", DEEPIDV_OK),
    ("session_id=sess%5Fabc", DEEPIDV_OK),
    ("session_id=sess_abc&status=whatever&a=b&a=c", DEEPIDV_OK),
    ("status=SUBMITTED&sessionId=sess_abc", DEEPIDV_OK),
    ("sessionId=sess_abc&session_id=sess_abc", DEEPIDV_OK),
    ("", DEEPIDV_E_MISMATCH),
    ("?status=success", DEEPIDV_E_MISMATCH),
    ("session_id=", DEEPIDV_E_MISMATCH),
    ("session_id=sess_ab", DEEPIDV_E_MISMATCH),
    ("session_id=sess_abcd", DEEPIDV_E_MISMATCH),
    ("session_id=SESS_ABC", DEEPIDV_E_MISMATCH),
    ("session_id=sess_abc%00", DEEPIDV_E_MISMATCH),
    ("#session_id=sess_abc", DEEPIDV_E_MISMATCH),
    ("sessionId=", DEEPIDV_E_MISMATCH),
    ("sessionId=sess_abd&status=SUBMITTED", DEEPIDV_E_MISMATCH),
    ("sessionid=sess_abc", DEEPIDV_E_MISMATCH),
    ("session_id=sess_abc&sessionId=my+own&sessionId=twice", DEEPIDV_OK),
    ("session_id=sess_abd&sessionId=sess_abc", DEEPIDV_E_MISMATCH),
    ("session_id=&sessionId=sess_abc", DEEPIDV_E_MISMATCH),
    ("session_id=sess_abc&session_id=sess_abc", DEEPIDV_OK),
    ("a=b?session_id=sess_abc&status=success", DEEPIDV_OK),
    ("a=b?sessionId=sess_abc&status=SUBMITTED", DEEPIDV_OK),
    ("a=b?session_id=sess_abd&status=success", DEEPIDV_E_MISMATCH),
    ("session_id=sess_abc&session_id=sess_abd", DEEPIDV_E_REPEATED),
    ("session_id=sess_abc&status=success&status=failed", DEEPIDV_E_REPEATED),
    ("session_id=sess_abc&reason=unknown&reason=internal_error", DEEPIDV_E_REPEATED),
    ("sessionId=sess_abc&sessionId=sess_abc", DEEPIDV_OK),
    ("sessionId=sess_abc&session%49d=x", DEEPIDV_E_REPEATED),
  ])
  func claim(_ redirect: String, _ status: deepidv_status) {
    #expect(checkClaim(Array(redirect.utf8).span, of: Array("sess_abc".utf8).span) == status)
  }

  @Test(arguments: [
    ("VERIFIED", DEEPIDV_VERDICT_VERIFIED),
    ("REJECTED", DEEPIDV_VERDICT_REJECTED),
    ("SUBMITTED", DEEPIDV_VERDICT_SUBMITTED),
    ("PENDING", DEEPIDV_VERDICT_PENDING),
    ("EXPIRED", DEEPIDV_VERDICT_EXPIRED),
    ("VOIDED", DEEPIDV_VERDICT_EXPIRED),
    ("FAILED", DEEPIDV_VERDICT_EXPIRED),
    ("", DEEPIDV_VERDICT_UNKNOWN),
    ("verified", DEEPIDV_VERDICT_UNKNOWN),
    ("VERIFIED ", DEEPIDV_VERDICT_UNKNOWN),
    ("VERIFIED\0", DEEPIDV_VERDICT_UNKNOWN),
    ("ARCHIVED", DEEPIDV_VERDICT_UNKNOWN),
  ])
  func meaning(_ word: String, _ expected: Int32) {
    #expect(verdict(ofSessionStatus: Array(word.utf8).span) == expected)
  }
}
