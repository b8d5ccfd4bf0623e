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
    } catch {
      end(saying: error)
    }

    if !settings.address.isLoopback {
      complain("warning: other machines may reach \(command.host), and nothing is encrypted")
    }
    FileLimit.raise()
    // A file that may not grow is an error to report, as a full disk is.
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

  /// Ends with help or version on stdout and 0, or with what is wrong on stderr and 2, which is
  /// what shells expect of a wrong option.
  private static func end(saying error: any Error) -> Never {
    let message = EmulatorCommand.fullMessage(for: error)
    if EmulatorCommand.exitCode(for: error) == .success {
      print(message)
      exit(0)
    }
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(2)
  }

  private static func complain(_ text: String) {
    FileHandle.standardError.write(Data("deepidv-emulator: \(text)\n".utf8))
  }
}
