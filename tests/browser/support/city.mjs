// The real service with its demo city, for people who sign in through the pages.

import { codeFor, messages, startService } from '../../api/support/service.mjs';

export async function startHall(options) {
  const service = await startService(options);
  return {
    service,
    origin: service.base,
    demo: service.demo,
    /** For commands of the same home. */
    env: service.env,
    /** What a demo depositor types. The code is the one sent after this was called. */
    async keys(depositor) {
      const before = (await messages(service, depositor.phone)).length;
      return {
        login: depositor.id_number,
        password: depositor.password,
        code: () => codeFor(service, depositor.phone, before),
      };
    },
    stop: () => service.stop(),
  };
}

/** 1234567.8 → 1,234,567.80 as the pages write it; an arithmetic of its own. */
export function written(yuan) {
  const [whole, cents] = yuan.replace('-', '').split('.');
  let grouped = '';
  for (let i = 0; i < whole.length; i++) grouped += (i > 0 && (whole.length - i) % 3 === 0 ? ',' : '') + whole[i];
  return `${yuan.startsWith('-') ? '−' : ''}${grouped}.${cents}`;
}

/** Adds amounts without floating point. */
export function added(...amounts) {
  const fen = amounts.reduce((sum, one) => sum + BigInt(one.replace('.', '')), 0n);
  const digits = String(fen < 0n ? -fen : fen).padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
