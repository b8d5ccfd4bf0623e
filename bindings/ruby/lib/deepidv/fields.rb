# frozen_string_literal: true

module Deepidv
  # Reads a result without its description, with a call for each member.
  module Fields
    NUMBERS = %i[
      deepidv_result_status deepidv_result_cause deepidv_result_http_status deepidv_result_attempts
      deepidv_result_retry_after_ms deepidv_result_facts deepidv_result_verdict
    ].freeze
    BOOLEANS = %i[deepidv_result_reconciled deepidv_result_found].freeze
    TEXTS = %i[
      deepidv_result_message deepidv_result_field deepidv_result_api_code deepidv_result_request_id
      deepidv_result_reconcile_token deepidv_result_next_token deepidv_result_session_id deepidv_result_session_url
      deepidv_result_external_id deepidv_result_expires_at deepidv_result_session_status
      deepidv_result_session_progress
    ].freeze
    private_constant :NUMBERS, :BOOLEANS, :TEXTS

    # Returns the members of deepidv_result_describe() that the package uses.
    def self.read(pointer)
      values = NUMBERS.to_h { |function| [function, Native.public_send(function, pointer)] }
      BOOLEANS.each { |function| values[function] = Native.public_send(function, pointer) != 0 }
      TEXTS.each do |function|
        values[function] = Text.returned { |length| Native.public_send(function, pointer, length) }
      end
      values.transform_keys { |function| function.to_s.delete_prefix('deepidv_result_') }.merge(
        'status_name' => Error.code_of(values[:deepidv_result_status]), 'links' => links(pointer),
        'hints' => texts(:deepidv_result_hint, pointer),
        'session_ids' => texts(:deepidv_result_session_id_at, pointer)
      )
    end

    # Reads until the first text that is absent.
    def self.texts(function, pointer)
      (0..).lazy.map { |index| text_at(function, pointer, index) }.take_while(&:itself).to_a
    end

    def self.links(pointer)
      texts(:deepidv_result_link, pointer).each_with_index.map do |url, index|
        { 'url' => url, 'rel' => text_at(:deepidv_result_link_rel, pointer, index) }
      end
    end

    def self.text_at(function, pointer, index)
      Text.returned { |length| Native.public_send(function, pointer, index, length) }
    end
    private_class_method :texts, :links, :text_at
  end
  private_constant :Fields
end
