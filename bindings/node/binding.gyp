{
  "targets": [
    {
      "target_name": "deepidv",
      "sources": ["src/addon.c", "src/client.c", "src/fields.c", "src/values.c"],
      "defines": ["NAPI_VERSION=8"],
      "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-parameter"],
      "include_dirs": ["<!@(echo ${DEEPIDV_INCLUDE_DIR:-/usr/include})"],
      "libraries": [
        "<!@(echo ${DEEPIDV_LIB_DIR:+-L$DEEPIDV_LIB_DIR -Wl,-rpath,$DEEPIDV_LIB_DIR} -ldeepidv)"
      ]
    }
  ]
}
