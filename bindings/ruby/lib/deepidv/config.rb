# frozen_string_literal: true

module Deepidv
  # The options of a client.
  class Config
    # Yields the pointer.
    def self.with(options, environment: false)
      pointer = FFI::MemoryPointer.new(:pointer)
      raise NoMemoryError unless Native.deepidv_config_new(pointer).zero?

      handle = pointer.read_pointer
      begin
        from_environment(handle) if environment
        # allow_http_hosts must be set before base_url.
        options.sort_by { |name, _| name == :allow_http_hosts ? 0 : 1 }.each do |name, value|
          set(handle, name.to_s, value) unless value.nil?
        end
        yield handle
      ensure
        Native.deepidv_config_free(handle)
      end
    end

    def self.from_environment(handle)
      refused = FFI::MemoryPointer.new(:pointer)
      status = Native.deepidv_config_from_env(handle, refused)
      raise Error.from(status, field: Text.constant(refused)) unless status.zero?
    end

    def self.set(handle, name, value)
      text = { true => '1', false => '0' }.fetch(value) { value.is_a?(Array) ? value.join(',') : value }
      status = Native.deepidv_config_set(handle, *Text.given(name), *Text.given(text))
      raise Error.from(status, field: name) unless status.zero?
    end
    private_class_method :from_environment, :set
  end
  private_constant :Config

  # Checks an option by its key, such as timeout_ms.
  def self.check_option(name, value)
    Config.with({ name.to_sym => value }) { nil }
  end
end
