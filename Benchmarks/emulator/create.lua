-- The create that wrk sends repeatedly.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["x-api-key"] = "dk_emulator"
wrk.body = [[{"first_name":"John","last_name":"Doe","email":"john.doe@example.com",]]
  .. [["phone":"+15192223333","external_id":"user-12345",]]
  .. [["redirect_url":"https://yourapp.com/verify-callback"}]]
