import Emulator
import Foundation

@main
enum Main {
  static func main() async {
    let command: EmulatorCommand
    let settings: Settings
    do {
      command = try EmulatorCommand.parse()
      settings = try command.settings()
      if let check = try command.healthCheck() { report(check) }
    } catch {
      end(saying: error)
    }

    if !settings.address.isLoopback {
      complain(
        "warning: other machines can reach \(command.host), and connections are not encrypted")
    }
    FileLimit.raise()
    // Report a file size limit as an error, like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    let server: EmulatorServer
    do throws(JournalFailure) {
      server = try EmulatorServer(settings: settings)
    } catch {
      complain("cannot use the state file \(command.state ?? ""): \(error.problem)")
      exit(1)
    }
    do {
      let stop = StopSignal.stream(withStandardInput: command.exitWithParent)
      try await server.run(until: stop) { origin in
        print("deepidv-emulator listening on \(origin)")
        fflush(nil)
      }
    } catch {
      let cause = error.localizedDescription
      complain("cannot listen on \(command.host) port \(command.port): \(cause)")
      exit(1)
    }
    exit(0)
  }

  /// Exits with 0 after printing help or version to stdout, or with 2, the usual status for invalid
  /// options, after printing the error to stderr.
  private static func end(saying error: any Error) -> Never {
    let message = EmulatorCommand.fullMessage(for: error)
    if EmulatorCommand.exitCode(for: error) == .success {
      print(message)
      exit(0)
    }
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(2)
  }

  /// Exits with the result of a health check.
  private static func report(_ check: HealthCheck) -> Never {
    if let problem = check.problem() {
      complain("\(check.origin) is not ready: \(problem)")
      exit(1)
    }
    print("\(check.origin) is ready.")
    exit(0)
  }

  private static func complain(_ text: String) {
    FileHandle.standardError.write(Data("deepidv-emulator: \(text)\n".utf8))
  }
}
