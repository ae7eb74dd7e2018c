-- Requests of the hall for wrk, each with another session: wrk … -- TOKENS FIRST COUNT DELAY PATH…
-- TOKENS is a file with a session's cookie first in each line. Sessions FIRST … FIRST + COUNT - 1
-- take turns; PATH is what each asks for, one after the other. DELAY: milliseconds between two
-- requests of a connection. Without a file ("-") nobody is signed in.
--
-- At the end one line: answers, those that were not 200, seconds, p50 and p99 in ms.
local requests, at, delayed = {}, 0, 0
bad = 0

function init(args)
  local first, count = tonumber(args[2]), tonumber(args[3])
  delayed = tonumber(args[4])
  local function ask(cookie)
    for i = 5, #args do
      requests[#requests + 1] = wrk.format("GET", args[i], cookie and { ["Cookie"] = "__Host-anju=" .. cookie } or {})
    end
  end
  if args[1] == "-" then
    ask(nil)
    return
  end
  local n = 0
  for line in io.lines(args[1]) do
    n = n + 1
    if n >= first + count then break end
    if n >= first then ask(line:match("^(%S+)")) end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function response(status)
  if status ~= 200 then bad = bad + 1 end
end

function delay()
  return delayed
end

local threads = {}
function setup(thread)
  threads[#threads + 1] = thread
end

function done(summary, latency)
  local refused = 0
  for _, thread in ipairs(threads) do refused = refused + thread:get("bad") end
  io.write(string.format("BENCH %d %d %.6f %.3f %.3f %d\n", summary.requests, refused, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
