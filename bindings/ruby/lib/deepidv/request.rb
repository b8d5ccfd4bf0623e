# frozen_string_literal: true

module Deepidv
  # The request of a create.
  class Request
    # Yields the pointer of a request that may lack fields. json is a String or nil; fields replace its members.
    def self.with(json, fields, search: false)
      pointer = FFI::MemoryPointer.new(:pointer)
      raise NoMemoryError unless Native.deepidv_session_request_new(pointer).zero?

      handle = pointer.read_pointer
      begin
        fill(handle, json, fields)
        Native.deepidv_session_request_set_search_first(handle, search ? 1 : 0)
        yield handle
      ensure
        Native.deepidv_session_request_free(handle)
      end
    end

    # Raises unless all required fields are there.
    def self.validate(handle)
      refused = FFI::MemoryPointer.new(:pointer)
      check(Native.deepidv_session_request_validate(handle, refused), Text.constant(refused))
    end

    def self.fill(handle, json, fields)
      unless json.nil?
        refused = FFI::MemoryPointer.new(:pointer)
        status = Native.deepidv_session_request_set_json(handle, *Text.given(json), refused, nil)
        check(status, Text.constant(refused))
      end
      fields.each do |name, value|
        next if value.nil?

        kind = FIELDS.fetch(name) { raise ::ArgumentError, "unknown field: #{name}" }
        check(Native.public_send("deepidv_session_request_set_#{name}", handle, *argument(kind, value)), name.to_s)
      end
    end

    def self.argument(kind, value)
      case kind
      when :text then Text.given(value)
      when :boolean then [value ? 1 : 0]
      # A number outside of the range of the type is refused, not cut.
      else [Integer(value).clamp(0, 0xffff_ffff)]
      end
    end

    def self.check(status, field)
      raise Error.from(status, field:) unless status.zero?
    end
    private_class_method :fill, :argument, :check
  end
  private_constant :Request

  # Checks an applicant without sending it.
  def self.check_applicant(json = nil, **fields)
    Request.with(json, fields) { |request| Request.validate(request) }
  end
end
