import Foundation

/// Creates the state file, or checks an existing one, before SQLite opens it.
///
/// It has applicants' names, addresses and phone numbers, so that only its owner may read it.
enum StateFile {
  /// Leaves a file that only its owner can read and write.
  static func prepare(_ path: String) throws(JournalFailure) {
    // Waits for nothing, in case it is a pipe.
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    let file = open(path, flags, 0o600)
    guard file >= 0 else { throw JournalFailure(problem: explanation(of: errno)) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw JournalFailure(problem: explanation(of: errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw JournalFailure(problem: "it is not a regular file")
    }
    guard status.st_uid == geteuid() else {
      throw JournalFailure(problem: "it belongs to another user")
    }
    guard status.st_nlink == 1 else {
      throw JournalFailure(problem: "it has another name (a hard link), where others may read it")
    }
    // Earlier versions left this to the umask. SQLite gives its own files the same mode.
    guard status.st_mode & 0o077 == 0 || fchmod(file, 0o600) == 0 else {
      throw JournalFailure(problem: explanation(of: errno))
    }
  }

  private static func explanation(of code: Int32) -> String {
    code == ELOOP ? "it is a symbolic link" : String(cString: strerror(code))
  }
}
