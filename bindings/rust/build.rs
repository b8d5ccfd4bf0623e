//! Finds the library: DEEPIDV_LIB_DIR, or where the linker looks.

fn main() {
    println!("cargo:rerun-if-env-changed=DEEPIDV_LIB_DIR");
    if let Ok(folder) = std::env::var("DEEPIDV_LIB_DIR") {
        println!("cargo:rustc-link-search=native={folder}");
        // Only for the tests and examples of this package.
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
