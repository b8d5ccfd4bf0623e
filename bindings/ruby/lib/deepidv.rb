# frozen_string_literal: true

require_relative 'deepidv/error'
require_relative 'deepidv/generated'
require_relative 'deepidv/native'
require_relative 'deepidv/text'
require_relative 'deepidv/fields'
require_relative 'deepidv/result'
require_relative 'deepidv/request'
require_relative 'deepidv/client'
require_relative 'deepidv/redirect'
require_relative 'deepidv/webhook'

# Creates identity verification sessions with deepidv, and handles the redirects and webhooks that follow.
module Deepidv
  # The version of the loaded library.
  def self.version
    Native.deepidv_version.read_string
  end

  # The version of the interface of the loaded library: major and minor.
  def self.abi_version
    Native.deepidv_abi_version.divmod(65_536)
  end

  # What is wrong with the libcurl that is loaded. Log it once, unless it is empty.
  def self.libcurl_problem
    Text.written(256) { |buffer, size, length| Native.deepidv_libcurl_problem(buffer, size, length) }
  end

  major, minor = abi_version
  if major != ABI_MAJOR || minor < ABI_MINOR
    raise LoadError, "libdeepidv #{version} has another interface than #{ABI_MAJOR}.#{ABI_MINOR}"
  end
end
