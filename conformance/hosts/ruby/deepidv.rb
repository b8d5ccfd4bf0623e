# All functions of libdeepidv, as deepidv.abi.json describes them, without the prefix deepidv_.

require "ffi"
require "json"

module Deepidv
  extend FFI::Library

  ABI = JSON.parse(File.read(ENV.fetch("DEEPIDV_ABI")))
  ffi_lib ABI["soname"]

  # The types of numbers; everything else is a pointer.
  def self.type_of(type)
    return :string if type == "const char *"
    return :int32 if type == "deepidv_status"

    type.end_with?("*") ? :pointer : type.sub(/(\d)_t\z/, "\\1").to_sym
  end

  ABI["functions"].each do |function|
    parameters = function["parameters"].map do |parameter|
      # A pointer and a length, because a Ruby string may contain NUL.
      type = type_of(parameter["type"])
      type == :string ? :buffer_in : type
    end
    attach_function function["name"].delete_prefix("deepidv_"), function["name"], parameters,
                    type_of(function["returns"]["type"]), blocking: function["blocks"]
  end

  ABI["constants"].flat_map { |group| group["constants"] }.each do |constant|
    const_set(constant["name"].delete_prefix("DEEPIDV_"), constant["value"])
  end

  # Structures, named in camel case, such as Deepidv::SessionUrl. Some contain others.
  ABI["structures"].each_with_object({}) do |structure, known|
    members = structure["fields"].map do |field|
      type = known.fetch(field["type"]) { type_of(field["type"]) }
      [field["name"].to_sym, field["count"] > 1 ? [type, field["count"]] : type]
    end
    known[structure["name"]] = Class.new(FFI::Struct) { layout(*members.flatten(1)) }
    name = structure["name"].delete_prefix("deepidv_").split("_").map(&:capitalize).join
    const_set(name, known[structure["name"]])
  end
end
