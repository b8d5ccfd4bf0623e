import Emulator
import Foundation
import HTTP

@main
enum Main {
  static func main() {
    let command: EmulatorCommand
    let settings: Settings
    do {
      command = try EmulatorCommand.parse()
      settings = try command.settings()
      if let check = try command.healthCheck() { report(check) }
    } catch {
      end(saying: error)
    }

    FileLimit.raise()
    // Report a file size limit as an error, like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    let stop = StopSignal(withStandardInput: command.exitWithParent)
    let server: EmulatorServer
    do throws(JournalFailure) {
      server = try EmulatorServer(settings: settings)
    } catch {
      complain("cannot use the state file \(command.state ?? ""): \(error.problem)")
      exit(1)
    }
    do throws(ListenFailure) {
      try server.run(until: stop.wait) { url in
        if !settings.address.isLoopback {
          complain(
            "warning: other machines can reach \(command.host), and connections are not encrypted")
        }
        print("deepidv-emulator listening on \(url)")
        fflush(nil)
      }
    } catch {
      complain(
        "cannot listen on \(command.host) port \(command.port): \(explanation(of: error))")
      exit(1)
    }
    exit(0)
  }

  private static func explanation(of failure: ListenFailure) -> String {
    switch failure.code {
    case EADDRINUSE: "the port is taken; choose another one with --port, or 0 for any free port"
    case EACCES: "only root may use this port; choose one above 1023 with --port"
    case EADDRNOTAVAIL: "this computer does not have this address"
    default: failure.description
    }
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
