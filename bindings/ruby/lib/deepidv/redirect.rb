# frozen_string_literal: true

module Deepidv
  # What the query of a redirect claims, decoded. Nothing in it is signed: see Client#confirm.
  class Redirect
    attr_reader :session_id, :status, :status_text, :reason, :reason_text, :facts, :fragment, :other_session_id
    # All parameters in order: arrays of name and value.
    attr_reader :params
    # The redirect as JSON: see deepidv_redirect_describe.
    attr_reader :describe

    # Reads a redirect: an absolute URL, a path with a query, or a query.
    def self.parse(url)
      new(url)
    end

    def initialize(url)
      @url = url.dup.freeze
      @describe = Text.written(8192) do |buffer, size, length|
        Native.deepidv_redirect_describe(*Text.given(@url), buffer, size, length)
      end
      values = JSON.parse(@describe)
      @params = values.delete('params').map { |param| param.values_at('name', 'value') }
      values.each { |name, value| instance_variable_set("@#{name}", value) }
    end

    # Compares the session id with the one that you stored, in constant time.
    def matches?(session_id)
      parsed = FFI::MemoryPointer.new(:char, SIZE)
      Native.deepidv_redirect_parse(*Text.given(@url), parsed)
      Native.deepidv_redirect_matches(*Text.given(@url), parsed, *Text.given(session_id)).zero?
    end

    # The value of one of your own parameters, or nil.
    def [](name)
      params.assoc(name)&.last
    end
  end
end
