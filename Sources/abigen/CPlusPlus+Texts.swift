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
       *     // A session may exist: do not send the request again, search for it.
       *     remember(error.reconcile_token());
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
      """
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  static let includes = lines(
    """
    #include <cstddef>
    #include <cstdint>
    #include <exception>
    #include <initializer_list>
    #include <memory>
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
    template <class T>
    class optional {
     public:
      optional() = default;
      optional(T value) : value_(std::move(value)), present_(true) {}

      bool has_value() const noexcept { return present_; }
      explicit operator bool() const noexcept { return present_; }
      const T &operator*() const noexcept { return value_; }
      const T *operator->() const noexcept { return &value_; }

      /** Returns the value; throws if it is absent. */
      const T &value() const
      {
        if (!present_)
          throw std::logic_error("deepidv::optional: there is no value");
        return value_;
      }

      /** Returns the value, or another one if it is absent. */
      T value_or(T other) const { return present_ ? value_ : std::move(other); }

     private:
      T value_ = T();
      bool present_ = false;
    };

    /** What a function found out: a value if the code is status::ok, and otherwise the answer "no". */
    template <class T>
    struct answer {
      status code;
      T value;

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

  static let handle = lines(
    """
    namespace detail {

    /* Owns an object of C. */
    template <class T, void (*Free)(T *)>
    class handle {
     public:
      handle(handle &&other) noexcept : pointer_(other.release()) {}
      handle &operator=(handle &&other) noexcept
      {
        handle moved(std::move(other));
        std::swap(pointer_, moved.pointer_);
        return *this;
      }
      ~handle() { Free(pointer_); }

      /** Returns the object for a function of deepidv.h. It stays owned. */
      T *get() const noexcept { return pointer_; }

      /** Gives the object away: you must free it. */
      T *release() noexcept
      {
        T *pointer = pointer_;
        pointer_ = nullptr;
        return pointer;
      }

     protected:
      handle() = default;
      explicit handle(T *pointer) noexcept : pointer_(pointer) {}

      T *pointer_ = nullptr;
    };
    """)

  static let helpers = lines(
    """
    inline void check(deepidv_status code, const char *field = nullptr)
    {
      if (code != DEEPIDV_OK)
        raise(code, field);
    }

    inline bool contains(std::initializer_list<deepidv_status> codes, deepidv_status code)
    {
      for (deepidv_status one : codes)
        if (one == code)
          return true;
      return false;
    }

    template <class T>
    answer<T> answered(deepidv_status code, T value, std::initializer_list<deepidv_status> answers)
    {
      if (!contains(answers, code))
        check(code);
      return answer<T>{static_cast<status>(code), std::move(value)};
    }

    inline const char *or_null(const std::string &text) { return text.empty() ? nullptr : text.data(); }

    inline optional<std::string> text(const char *text, std::size_t length)
    {
      return text ? optional<std::string>(std::string(text, length)) : optional<std::string>();
    }

    /* Calls a function that writes into a buffer, again with a larger one if it was too small. */
    template <class Call>
    deepidv_status fill(std::string &text, Call call)
    {
      std::size_t length = 255;
      deepidv_status code;
      do {
        text.resize(length + 1);
        code = call(&text[0], text.size(), &length);
      } while (code == DEEPIDV_E_BUFFER);
      text.resize(code == DEEPIDV_OK ? length : 0);
      return code;
    }

    }  // namespace detail
    """)

  static let configByName = lines(
    """
      /** Creates a config with options by name: config({{"api_key", key}, {"timeout_ms", "10000"}}). */
      config(std::initializer_list<std::pair<std::string, std::string>> options) : config()
      {
        for (const auto &option : options)
          set(option.first, option.second);
      }
    """)

  static let resultMembers = lines(
    """
      /** Throws the exception of this result, which takes it over, unless its status is status::ok. */
      void check()
      {
        const deepidv_status code = deepidv_result_status(get());
        if (code == DEEPIDV_OK)
          return;
        const auto details = std::make_shared<const result>(std::move(*this));
        detail::raise(code, deepidv_result_field(details->get(), nullptr), details);
      }
    """)

  static let finished = lines(
    """
    inline optional<std::string> outcome_error::reconcile_token() const
    {
      return details() ? details()->reconcile_token() : optional<std::string>();
    }

    namespace detail {

    /* Returns a result, or throws its exception. */
    inline result finished(
        deepidv_status code, deepidv_result *owned, std::initializer_list<deepidv_status> answers = {})
    {
      result finished(owned);
      if (!owned)
        raise(code);
      if (!contains(answers, code))
        finished.check();
      return finished;
    }

    }  // namespace detail
    """)

  static let completion = lines(
    """
    /** A submitted operation that has completed, if there is one. It is no exception if it has failed. */
    class completion {
     public:
      completion(deepidv_status code, const deepidv_event &completed, deepidv_result *owned,
          std::initializer_list<deepidv_status> answers)
          : code_(static_cast<deepidv::status>(code)), event_(completed), result_(owned)
      {
        if (!detail::contains(answers, code))
          detail::check(code);
      }

      explicit operator bool() const noexcept { return code_ == deepidv::status::ok; }
      /** Returns why there is none; status::ok if there is one. */
      deepidv::status code() const noexcept { return code_; }
      std::uint64_t op() const noexcept { return event_.op; }
      std::uint64_t tag() const noexcept { return event_.tag; }
      event_kind kind() const noexcept { return static_cast<event_kind>(event_.kind); }
      /** Returns how the operation ended. */
      deepidv::status status() const noexcept { return static_cast<deepidv::status>(event_.status); }
      /** Returns the result; its check() throws if the operation has failed. */
      deepidv::result &result() noexcept { return result_; }

     private:
      deepidv::status code_;
      deepidv_event event_;
      deepidv::result result_;
    };
    """)
}
