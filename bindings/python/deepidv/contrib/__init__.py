"""Optional parts that need other packages: ``deepidv.contrib.shared_rate`` needs ``redis``."""
