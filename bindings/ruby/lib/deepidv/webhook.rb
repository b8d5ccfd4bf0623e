# frozen_string_literal: true

module Deepidv
  # An event whose signature was verified. Answer DEEPIDV_E_WEBHOOK_SIGNATURE with 401, DEEPIDV_E_WEBHOOK with 400
  # and DEEPIDV_E_TOO_LONG with 413.
  class Webhook
    attr_reader :type, :type_text, :key, :verdict, :session_id, :external_id, :status, :progress
    # The event as JSON: see deepidv_webhook_describe.
    attr_reader :describe

    # Verifies the header deepidv-signature with the secrets, then reads the body.
    def self.open(body, signature, *secrets)
      keys = FFI::MemoryPointer.new(:pointer)
      raise NoMemoryError unless Native.deepidv_webhook_secrets_new(keys).zero?

      handle = keys.read_pointer
      begin
        secrets.each { |secret| check(Native.deepidv_webhook_secrets_add(handle, *Text.given(secret)), 'secret') }
        webhook = FFI::MemoryPointer.new(:pointer)
        check(Native.deepidv_webhook_open(handle, *Text.given(signature), *Text.given(body), webhook))
        new(webhook.read_pointer)
      ensure
        Native.deepidv_webhook_secrets_free(handle)
      end
    end

    def self.check(status, field = nil)
      raise Error.from(status, field:) unless status.zero?
    end
    private_class_method :check, :new

    # Whether the event replaces the one with this key, which may be nil.
    def supersedes?(key)
      Native.deepidv_webhook_supersedes(*Text.given(@key), *Text.given(key)) == 1
    end

    private

    def initialize(pointer)
      @describe = Text.returned { |length| Native.deepidv_webhook_describe(pointer, length) }
      raise NoMemoryError unless @describe

      values = JSON.parse(@describe)
      @type, @type_text, @key, @verdict = values.values_at('type', 'type_text', 'key', 'verdict')
      @session_id, @external_id = values.values_at('session_id', 'external_id')
      @status, @progress = values.values_at('session_status', 'session_progress')
    ensure
      Native.deepidv_webhook_free(pointer)
    end
  end
end
