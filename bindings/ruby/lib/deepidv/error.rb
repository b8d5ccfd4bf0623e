# frozen_string_literal: true

module Deepidv
  # What all exceptions of this package are. The text has no personal data; api_message, hints, session and
  # describe may have some.
  module Error
    # The number and the name of the status, such as DEEPIDV_E_PHONE.
    attr_reader :status, :code
    # The name of the reason, such as DEEPIDV_E_CONNECT; otherwise equal to code.
    attr_reader :cause_code
    # The option, field or parameter that was refused.
    attr_reader :field
    # The HTTP status, or 0, the seconds to wait before the next request, and the error code of the service.
    attr_reader :http_status, :retry_after, :api_code
    # The id that the service gave the request, for its support.
    attr_reader :request_id
    # The external id of the create: yours, or the one that the library made.
    attr_reader :external_id
    # The message of the service and details that it adds.
    attr_reader :api_message, :hints
    # Of a wait: the record that was seen last.
    attr_reader :session
    # The whole result as JSON, or an empty text if nothing was sent.
    attr_reader :describe

    # Creates the exception for a status, or for a result as a hash.
    def self.from(status, field: nil, result: {}, describe: '', session: nil)
      uncertain = UNCERTAIN.include?(status)
      kind = uncertain ? OutcomeUnknown : CLASSES.fetch(STATUS_CLASSES.fetch(status, :system))
      cause = result.fetch('cause', status)
      error = kind.new(text_of(status, cause, field || result['field']))
      error.fill(status, cause, field, result, describe, session)
      # With a result, the timeout of a lookup.
      lookup = code_of(status) == 'DEEPIDV_E_TIMEOUT' && !result.empty?
      error.extend(Retryable) if RETRYABLE.include?(status) || lookup
      error
    end

    def self.text_of(status, cause, field)
      # One text, so that a forger learns nothing.
      return 'the signature or the body of the webhook was not accepted' if STATUS_CLASSES[status] == :untrusted

      text = "#{code_of(status)}#{" (#{field})" if field}: #{Native.deepidv_status_text(status).read_string}"
      cause == status ? text : "#{text} Cause: #{code_of(cause)}."
    end

    def self.code_of(status)
      Native.deepidv_status_name(status).read_string
    end

    # Used by Error.from.
    def fill(status, cause, field, result, describe, session)
      @status = status
      @code = Error.code_of(status)
      @cause_code = Error.code_of(cause)
      @field = field || result['field']
      @http_status = result.fetch('http_status', 0)
      @retry_after = result.fetch('retry_after_ms', 0) / 1000.0
      @api_code, @request_id, @external_id = result.values_at('api_code', 'request_id', 'external_id')
      @api_message = result['message']
      @hints = result.fetch('hints', [])
      @describe = describe
      @session = session
    end

    # Without the instance variables, which may have personal data.
    def inspect
      "#<#{self.class}: #{message}>"
    end
  end

  # The exceptions after which the same call is safe to repeat. Never an OutcomeUnknown.
  module Retryable
  end

  # A session may exist, and the applicant may have been invited. Do not repeat the create in another process.
  class OutcomeUnknown < StandardError
    include Error

    # The token for Client#reconcile, in any process, and the sessions that were found.
    attr_reader :reconcile_token, :session_ids

    # Used by Error.from.
    def fill(status, cause, field, result, describe, session)
      super
      @reconcile_token = result['reconcile_token']
      @session_ids = result.fetch('session_ids', [])
    end
  end

  # A session was created, but the call was interrupted at the same moment. An exception that interrupted is its cause.
  class CreatedThoughInterrupted < OutcomeUnknown
    def initialize(session)
      super('a session was created, but the call was interrupted')
      @session = session
      @external_id = session.external_id
      @session_ids = [session.id]
      @describe = session.describe
    end
  end
end
