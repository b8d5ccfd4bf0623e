"""Optional parts, which need other packages: each names the extra of this package that installs them."""
