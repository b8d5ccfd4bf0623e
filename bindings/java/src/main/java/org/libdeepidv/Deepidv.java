package org.libdeepidv;

import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;

/** The loaded library. */
public final class Deepidv {
    private Deepidv() {}

    /** Returns the version of the library. */
    public static String version() {
        return Convert.constant(Library.deepidv_version());
    }

    /** Returns the version of the interface: major * 65536 + minor. */
    public static int abiVersion() {
        return Library.deepidv_abi_version();
    }

    /** Says what is wrong with the libcurl that is loaded. Log it once, unless it is empty. */
    public static String libcurlProblem() {
        byte[] buffer = new byte[256];
        LongByReference length = new LongByReference();
        Failure.check(Library.deepidv_libcurl_problem(buffer, buffer.length, length), null);
        return new String(buffer, 0, (int) length.getValue(), StandardCharsets.UTF_8);
    }
}
