using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Deepidv.Tests
{
    /// <summary>Sends the same answer to everything that it receives.</summary>
    internal sealed class RawServer : IDisposable
    {
        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly byte[] answer;

        internal string Url => "http://" + listener.LocalEndpoint;

        internal RawServer(string answer)
        {
            this.answer = Encoding.ASCII.GetBytes(answer);
            listener.Start();
            new Thread(Accept) { IsBackground = true }.Start();
        }

        private void Accept()
        {
            try
            {
                while (true)
                {
                    var peer = listener.AcceptTcpClient();
                    new Thread(() => Serve(peer)) { IsBackground = true }.Start();
                }
            }
            catch (SocketException)
            {
                // It was stopped.
            }
        }

        private void Serve(TcpClient peer)
        {
            var received = new byte[65536];
            try
            {
                using (peer)
                    while (peer.GetStream().Read(received, 0, received.Length) > 0)
                        peer.GetStream().Write(answer, 0, answer.Length);
            }
            catch (System.IO.IOException)
            {
                // The client closed the connection.
            }
        }

        public void Dispose() => listener.Stop();
    }
}
