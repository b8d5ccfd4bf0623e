using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Deepidv
{
    /// <summary>Texts, in both directions.</summary>
    internal static class Text
    {
        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

        /// <summary>Passed with Length, so that the library sees a NUL inside.</summary>
        internal static byte[] Utf8(string text)
        {
            if (text == null)
                return null;
            try
            {
                // With a NUL at the end, because an empty array might be passed as a null pointer.
                var bytes = new byte[Strict.GetByteCount(text) + 1];
                Strict.GetBytes(text, 0, text.Length, bytes, 0);
                return bytes;
            }
            catch (EncoderFallbackException)
            {
                throw Failure.Refused(Status.Utf8, null);
            }
        }

        /// <summary>The length of a text from Utf8.</summary>
        internal static UIntPtr Length(byte[] text)
        {
            return text == null ? UIntPtr.Zero : (UIntPtr)(text.Length - 1);
        }

        internal static byte[] Bytes(IntPtr text, UIntPtr length)
        {
            if (text == IntPtr.Zero)
                return null;
            var bytes = new byte[checked((int)length)];
            Marshal.Copy(text, bytes, 0, bytes.Length);
            return bytes;
        }

        internal static string String(IntPtr text, UIntPtr length)
        {
            return text == IntPtr.Zero ? null : Encoding.UTF8.GetString(Bytes(text, length));
        }

        internal static string Constant(IntPtr text)
        {
            return text == IntPtr.Zero ? null : Marshal.PtrToStringAnsi(text);
        }

        /// <summary>At most the longest TimeSpan: an exception here would replace the outcome of a create.</summary>
        internal static TimeSpan Duration(ulong milliseconds)
        {
            var longest = (ulong)(TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond);
            return TimeSpan.FromTicks((long)Math.Min(milliseconds, longest) * TimeSpan.TicksPerMillisecond);
        }

        /// <summary>Rounds up. The library refuses the largest number, so what does not fit is refused.</summary>
        internal static uint Milliseconds(TimeSpan time)
        {
            var count = Math.Ceiling(time.TotalMilliseconds);
            return count >= 0 && count < uint.MaxValue ? (uint)count : uint.MaxValue;
        }
    }
}
