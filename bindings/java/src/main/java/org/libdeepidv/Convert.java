package org.libdeepidv;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Values of Java and of C. */
final class Convert {
    private Convert() {}

    /** Passed with its length, so that the library sees a NUL inside. */
    static byte[] utf8(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(bytes.array(), bytes.limit());
        } catch (CharacterCodingException exception) {
            // A lone surrogate, for which getBytes() would put a question mark.
            throw Failure.refused(Status.UTF8.number, null);
        }
    }

    static int length(byte[] text) {
        return text == null ? 0 : text.length;
    }

    /** Rounds up, so that a short duration does not become 0. */
    static long milliseconds(Duration duration) {
        return duration.plusNanos(999_999).toMillis();
    }

    /** The library refuses the largest number, so what does not fit is refused too. */
    static int unsigned(long number) {
        return number < 0 || number > 0xFFFF_FFFFL ? -1 : (int) number;
    }

    static String constant(Pointer text) {
        return text == null ? null : text.getString(0, "US-ASCII");
    }

    static byte[] bytes(Pointer text, LongByReference length) {
        return text == null ? null : text.getByteArray(0, Math.toIntExact(length.getValue()));
    }

    static String string(Pointer text, LongByReference length) {
        byte[] bytes = bytes(text, length);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
