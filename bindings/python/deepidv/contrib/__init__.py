"""Optional parts for other packages: ``deepidv.contrib.shared_rate`` needs ``redis``."""
