"""Optional parts, which need other packages: ``pip install deepidv[redis]`` or ``deepidv[celery]``."""
