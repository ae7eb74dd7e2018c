-- Requests of the hall for wrk, each with another session: wrk … -- TOKENS FIRST COUNT DELAY TURNS PATH…
-- TOKENS is a file with a session's cookie first in each line. Sessions FIRST … FIRST + COUNT - 1
-- take turns; PATH is what each asks for, one after the other. DELAY: milliseconds between two
-- requests of a connection. TURNS: "once" stops asking when every session had its turn, if that is
-- before the time (and the seconds are those until the last answer); or "again". Without a file ("-")
-- nobody is signed in. Compressed answers are taken, as a browser does.
--
-- At the end one line: answers, those that were not 200, seconds, p50 and p99 in ms.
local requests, at, delayed, once = {}, 0, 0, false
bad = 0
seconds = 0 -- until the last answer, when everybody had a turn before the time

local ffi = require("ffi")
ffi.cdef "typedef struct { long s, us; } bench_time; int gettimeofday(bench_time *, void *);"
local time = ffi.new("bench_time")
local function now()
  ffi.C.gettimeofday(time, nil)
  return tonumber(time.s) + tonumber(time.us) / 1e6
end
local began

function init(args)
  local first, count = tonumber(args[2]), tonumber(args[3])
  delayed, once = tonumber(args[4]), args[5] == "once"
  local function ask(cookie)
    for i = 6, #args do
      requests[#requests + 1] = wrk.format("GET", args[i], { ["Cookie"] = cookie and "__Host-anju=" .. cookie, ["Accept-Encoding"] = "gzip" })
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
  began = began or now()
  if once and at == #requests then
    seconds = now() - began
    wrk.thread:stop()
  end
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
  local refused, took = 0, summary.duration / 1e6
  for _, thread in ipairs(threads) do
    refused = refused + thread:get("bad")
    if thread:get("seconds") > 0 then took = thread:get("seconds") end
  end
  io.write(string.format("BENCH %d %d %.6f %.3f %.3f %d\n", summary.requests, refused, took,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
