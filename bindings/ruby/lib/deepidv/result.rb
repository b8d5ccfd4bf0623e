# frozen_string_literal: true

require 'json'

module Deepidv
  # A session of the service. Its texts may contain personal data. url is for the applicant, and only a create
  # returns it; status and progress are in the service's words; found means that it existed before; reconciled
  # that it was found by a search, so it has no URL. raw is the body of the response, describe the whole result
  # as JSON.
  Session = Struct.new(
    :id, :url, :external_id, :expires_at, :status, :progress, :verdict, :found, :reconciled, :attempts, :facts,
    :links, :raw, :describe, keyword_init: true
  ) do
    alias_method :found?, :found
    alias_method :reconciled?, :reconciled

    # Whether the applicant is verified.
    def verified?
      verdict == Verdict::VERIFIED
    end
  end

  # A page of the list of sessions. next_token is nil on the last one; raw has the records.
  Page = Struct.new(:ids, :next_token, :raw, :describe, keyword_init: true)

  # Reads a result.
  class Result
    OUTCOME_UNKNOWN = 82
    private_constant :OUTCOME_UNKNOWN

    # A create of which no result can be had.
    def self.unknown(cause)
      allocate.tap { |result| result.fill('', { 'status' => OUTCOME_UNKNOWN, 'cause' => cause }) }
    end

    def initialize(pointer)
      @raw = Text.returned { |length| Native.deepidv_result_json(pointer, length) }
      describe = Text.returned { |length| Native.deepidv_result_describe(pointer, length) }
      # Without a description, if memory ran out for it, the outcome is still the one that the other functions return.
      fill(describe || '', describe ? JSON.parse(describe) : Fields.read(pointer))
    rescue JSON::JSONError
      fill(describe, Fields.read(pointer))
    end

    def fill(describe, values)
      @describe = describe
      @values = values
    end

    # Returns the session, or raises. A forged redirect is a verdict.
    def session
      return read if @values['status'].zero? || @values['verdict'] == Verdict::FORGED

      raise error
    end

    def page
      raise error unless @values['status'].zero?

      Page.new(ids: @values['session_ids'], next_token: @values['next_token'], raw: @raw, describe: @describe)
    end

    def unknown?
      UNCERTAIN.include?(@values['status'])
    end

    # Whether this is a session that did not exist before, if it is the result of a create.
    def created?
      @values['status'].zero? && !@values['found']
    end

    private

    def error
      seen = @values['status_name'] == 'DEEPIDV_E_TIMEOUT' && @values['session_id']
      Error.from(@values['status'], result: @values, describe: @describe, session: seen ? read : nil)
    end

    def read
      Session.new(
        id: @values['session_id'], url: @values['session_url'], status: @values['session_status'],
        progress: @values['session_progress'], raw: @raw, describe: @describe,
        **@values.slice('external_id', 'expires_at', 'verdict', 'found', 'reconciled', 'attempts', 'facts', 'links')
                 .transform_keys(&:to_sym)
      )
    end
  end
  private_constant :Result
end
