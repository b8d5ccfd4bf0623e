import ABI

/// A class of exceptions for a kind of status.
struct ErrorKind {
  var status: StatusKind
  var name: String
  var doc: String
  /// What it has that the base has not.
  var members: [String] = []
}

// The parts of deepidv.hpp that do not depend on the table.
extension CPlusPlus {
  static let errorKinds = [
    ErrorKind(
      status: .argument, name: "argument_error",
      doc: "An argument is wrong; field() names the field of a request."),
    ErrorKind(
      status: .system, name: "system_error",
      doc: "The machine, or the libcurl that is loaded, lacks something."),
    ErrorKind(
      status: .client, name: "client_error",
      doc: "The client or the operation is not in a state to do this."),
    ErrorKind(
      status: .untrusted, name: "untrusted_error",
      doc:
        "A state or a webhook cannot be trusted. what() does not tell a forger why; code() does.",
      members: [
        "",
        "  const char *what() const noexcept override { return \"The message cannot be trusted.\"; }",
      ]),
    ErrorKind(
      status: .service, name: "service_error", doc: "The service refused the request."),
    ErrorKind(
      status: .network, name: "network_error", doc: "No usable response came."),
  ]
  static let outcome = ErrorKind(status: .outcome, name: "outcome_error", doc: "")

  static func divider(_ title: String) -> [String] {
    ["/* ---- \(title) " + String(repeating: "-", count: 76 - title.count) + " */"]
  }

  /// A comment that tools attach to the declaration below it.
  static func comment(_ text: String, indent: String = "") -> [String] {
    let lines = Layout.wrap(text, width: 94 - indent.count)
    if let line = lines.first, lines.count == 1, line.count + indent.count <= 92 {
      return ["\(indent)/** \(line) */"]
    }
    return ["\(indent)/**"] + lines.map { "\(indent) * \($0)" } + ["\(indent) */"]
  }

  func opening(_ interface: Interface) -> [String] {
    let text = """
      /*
       * deepidv.hpp: libdeepidv \(interface.version.text) for C++11 and later. Header only; link with -ldeepidv.
       * \(generatedNotice)
       *
       *   deepidv::config config;
       *   config.api_key(key).timeout_ms(10000);
       *   deepidv::client client(config);
       *
       *   deepidv::session_request request;
       *   request.first_name("John").last_name("Doe").email("john.doe@example.com");
       *   request.phone("+15192223333").external_id("user-12345");
       *
       *   try {
       *     deepidv::result session = client.session_create(request);
       *     redirect_to(session.session_url().value());
       *   } catch (const deepidv::outcome_error &error) {
       *     if (error.repeat() == deepidv::repeat::safe)
       *       retry_later();  // not executed
       *     else
       *       remember(error.reconcile_token());  // A session may exist: search for it later.
       *   } catch (const deepidv::error &error) {
       *     log(error.name());
       *   }
       *
       * Names      A function of C is a method of the object that it takes first, or a function of the
       *            namespace, without deepidv_ and set_. Its comment in deepidv.h is the reference.
       *
       * Objects    Each owns a handle of C, frees it, can be moved, and cannot be copied. They may be
       *            destroyed in any order. A moved-from object may only be destroyed or assigned to.
       *
       * Texts      Inputs are std::string, in UTF-8, copied by the library. Outputs are copies. A text
       *            that may be absent is an optional<std::string>. An empty string for an input that may
       *            be NULL in C means NULL.
       *
       * Failures   are exceptions, derived from deepidv::error: one class for each class of status.
       *            what() never contains data of the applicant; details()->message() may.
       *            error::repeat() says whether a create may be sent again.
       *
       * Answers    such as "there is none" are no failures. They are returned: as the status, or as an
       *            answer<T> or completion, which are true in a condition if there is a value.
       *
       * Threads    as in deepidv.h: methods that change a config, request, keys or secrets need
       *            exclusive access to it, all others may be called from any thread.
       */

      #ifndef DEEPIDV_HPP
      #define DEEPIDV_HPP

      #if !defined(__cpp_exceptions) && !defined(__EXCEPTIONS) && !defined(_CPPUNWIND)
      #error "deepidv.hpp reports failures as exceptions, which are disabled: enable them, or use deepidv.h."
      #endif
      """
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  static let includes = lines(
    """
    #include <cstddef>
    #include <cstdint>
    #include <exception>
    #include <initializer_list>
    #include <memory>
    #include <new>
    #include <stdexcept>
    #include <string>
    #include <utility>

    #include "deepidv.h"
    """)

  static let repeatEnumeration = lines(
    """
    /** Whether a create may be sent again after it has failed. */
    enum class repeat {
      /** It was no create, or one that must be changed before it can succeed. */
      unspecified,
      /** It was not executed: send it again as it is. */
      safe,
      /** It may have been executed: do not send it again; see client::session_reconcile(). */
      never,
    };

    """)

  static let values = lines(
    """
    /** A value that may be absent. */
    template <class Value>
    class optional {
     public:
      optional() = default;
      optional(Value value) : value_(std::move(value)), present_(true) {}

      bool has_value() const noexcept { return present_; }
      explicit operator bool() const noexcept { return present_; }
      const Value &operator*() const noexcept { return value_; }
      const Value *operator->() const noexcept { return &value_; }

      /** Returns the value; throws if it is absent. */
      const Value &value() const
      {
        if (!present_)
          throw std::logic_error("deepidv::optional: there is no value");
        return value_;
      }

      /** Returns the value, or another one if it is absent. */
      Value value_or(Value other) const { return present_ ? value_ : std::move(other); }

     private:
      Value value_ = Value();
      bool present_ = false;
    };

    /** What a function found out: a value if the code is status::ok, and otherwise the answer "no". */
    template <class Value>
    struct answer {
      status code;
      Value value;

      explicit operator bool() const noexcept { return code == status::ok; }
    };
    """)

  static let errorBase = lines(
    """
    class result;

    /** The base of all exceptions of this header. */
    class error : public std::exception {
     public:
      error(status code, const char *field, std::shared_ptr<const result> details) noexcept
          : code_(code), field_(field), details_(std::move(details))
      {
      }

      /** Returns what the status means. It contains no data from outside the library. */
      const char *what() const noexcept override { return deepidv_status_text(number()); }
      status code() const noexcept { return code_; }
      /** Returns the name of the status, such as "DEEPIDV_E_PHONE". */
      const char *name() const noexcept { return deepidv_status_name(number()); }
      /** Returns the field of a request that was refused, in snake_case; empty if it is about none. */
      std::string field() const { return field_ ? field_ : ""; }
      /** Returns whether a create may be sent again. */
      deepidv::repeat repeat() const noexcept { return repeats(code_); }
      /** Returns the result of a failed operation: cause, message, HTTP status; NULL if there is none. */
      const result *details() const noexcept { return details_.get(); }

     private:
      deepidv_status number() const noexcept { return static_cast<deepidv_status>(code_); }

      status code_;
      const char *field_;  // constant, or of the result
      std::shared_ptr<const result> details_;
    };
    """)

  static let outcomeError = lines(
    """
    /** A create or an update was not executed, or nobody knows; repeat() says which. */
    class outcome_error : public error {
     public:
      using error::error;

      /** Returns the token for client::session_reconcile(), if the outcome is unknown. */
      optional<std::string> reconcile_token() const;
    };
    """)
}
