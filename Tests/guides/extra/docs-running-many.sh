# The tasks of Celery, with a worker, and the rows of Dask.
celery -A shop worker --pool solo --loglevel ERROR >worker.log 2>&1 &
worker=$!
trap 'kill $worker; wait $worker || true' EXIT
timeout 60 python job.py >job.log
grep -q "'outcome': 'created'" job.log
timeout 100 python rows.py >rows.log
[ "$(grep -c ' created$' rows.log)" = 100 ]
