# frozen_string_literal: true

require_relative 'helper'

class TestParse < Minitest::Test
  def test_a_redirect_is_decoded
    redirect = Deepidv::Redirect.parse('/cb?session_id=s%C3%A9ss&status=failed&reason=face_mismatch&mine=1+2')
    assert_equal 'séss', redirect.session_id
    assert_equal [Deepidv::RedirectStatus::FAILED, Deepidv::Reason::FACE_MISMATCH], [redirect.status, redirect.reason]
    assert_equal ['1 2', nil], [redirect['mine'], redirect['other']]
    assert redirect.matches?('séss')
    refute redirect.matches?('sess')
    long = 'x' * 20_000
    assert_equal long, Deepidv::Redirect.parse("?long=#{long}")['long']
    assert_equal Deepidv::Fact::NOT_UTF8, Deepidv::Redirect.parse("?session_id=\xff".b).facts & Deepidv::Fact::NOT_UTF8
  end

  def test_a_repeated_parameter_is_refused
    error = assert_raises(Deepidv::AnswerError) { Deepidv::Redirect.parse('?status=failed&status=success') }
    assert_equal 'DEEPIDV_E_REPEATED', error.code
  end

  def test_a_webhook_is_verified_before_it_is_read
    body = '{"type": "session.status.verified", "data": {"id": "s", "status": "VERIFIED"}}'
    webhook = Deepidv::Webhook.open(body, 'whsec_b', 'whsec_a', 'whsec_b')
    assert_equal [Deepidv::WebhookType::SESSION_VERIFIED, 's'], [webhook.type, webhook.session_id]
    assert webhook.supersedes?(nil)
    refute webhook.supersedes?(webhook.key)
    errors = [[body, 'x'], [body, nil], ['{}', 'whsec_a']].map do |given|
      assert_raises(Deepidv::UntrustedError) { Deepidv::Webhook.open(*given, 'whsec_a') }
    end
    assert_equal %w[SIGNATURE SIGNATURE WEBHOOK], (errors.map { |error| error.code.split('_').last })
    assert_equal 1, errors.map(&:message).uniq.size
  end
end
