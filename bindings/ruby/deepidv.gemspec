# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = 'deepidv'
  spec.version = '0.1.0'
  spec.summary = 'Identity verification sessions with deepidv'
  spec.description = 'Creates identity verification sessions, and handles the redirects and webhooks that follow.'
  spec.authors = ['The libdeepidv authors']
  spec.license = 'Apache-2.0'
  spec.required_ruby_version = '>= 3.1'
  spec.files = Dir['lib/**/*.rb', 'README.md', 'LICENSE']
  spec.metadata['rubygems_mfa_required'] = 'true'
  spec.add_runtime_dependency 'ffi', '~> 1.15'
end
