// Completes package-lock.json after a package was added or raised; scripts/npm calls it.
//
// A registry that keeps only what runs on Linux answers "not found" for the builds of tools for
// other systems. npm leaves those out of the lock file and "npm ci" then refuses it, here and
// everywhere. Each missing one is entered with the version its parent names and with the system it
// is for, so that npm knows it and skips it. Where nothing is missing, nothing is changed.

import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = {
  arm: 'arm', arm64: 'arm64', ia32: 'ia32', loong64: 'loong64', mips64el: 'mips64el', ppc64: 'ppc64',
  ppc64le: 'ppc64', riscv64: 'riscv64', s390x: 's390x', wasm32: 'wasm32', x64: 'x64',
};

const libraries = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

// Where node would look for a package from inside another: its own node_modules, then upwards.
function found(from, name) {
  for (let at = from; ; at = at.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    if (lock.packages[(at ? at + '/' : '') + 'node_modules/' + name]) return true;
    if (!at) return false;
  }
}

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (found(path, name)) continue;
    const words = name.split(/[-/]/);
    const os = words.find((word) => systems.includes(word));
    const cpu = words.map((word) => processors[word]).find(Boolean);
    const libc = os === 'linux' ? words.map((word) => libraries[word]).find(Boolean) : undefined;
    if (!os && cpu !== 'wasm32') throw new Error(`${name}: for which system? (wanted by ${path})`);
    lock.packages['node_modules/' + name] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      ...(libc && { libc: [libc] }),
      optional: true,
      ...(os && { os: [os] }),
    };
    console.log(`entered ${name} ${version}`);
  }
}

const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, JSON.stringify({ ...lock, packages: sorted }, null, 2) + '\n');
