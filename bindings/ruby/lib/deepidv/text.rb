# frozen_string_literal: true

module Deepidv
  # Texts, in both directions.
  module Text
    # Returns the bytes and their number, so that the library sees a NUL inside. Bytes without an encoding
    # are passed as they are.
    def self.given(value)
      return [nil, 0] if value.nil?

      text = value.to_s
      text = text.encode(Encoding::UTF_8) unless [Encoding::UTF_8, Encoding::BINARY].include?(text.encoding)
      [text, text.bytesize]
    rescue EncodingError
      [text, text.bytesize]
    end

    # Copies what a function returns that writes the length: a String in UTF-8, or nil.
    def self.returned
      length = FFI::MemoryPointer.new(:size_t)
      pointer = yield length
      pointer.null? ? nil : pointer.read_bytes(length.read(:size_t)).force_encoding(Encoding::UTF_8)
    end

    # Copies what a function writes into a buffer, which is made larger if necessary.
    def self.written(size)
      length = FFI::MemoryPointer.new(:size_t)
      loop do
        buffer = FFI::MemoryPointer.new(:char, size)
        status = yield buffer, size, length
        needed = length.read(:size_t) + 1
        if needed > size && Error.code_of(status) == 'DEEPIDV_E_BUFFER'
          size = needed
          next
        end
        raise Error.from(status) unless status.zero?

        return buffer.read_bytes(needed - 1).force_encoding(Encoding::UTF_8)
      end
    end

    # Reads a constant text that a function writes, or nil.
    def self.constant(pointer)
      text = pointer.read_pointer
      text.null? ? nil : text.read_string
    end
  end
  private_constant :Text
end
