import { openBrowser, visit, signIn, settled } from './tests/browser/support/hall.mjs';
const [,, base, sms, id, pw, phoneHint, outdir] = process.argv;
const b = await openBrowser();
const here = await visit(b, base, { width: 1280, height: 900 });
await here.page.goto(base + '/register').catch(()=>{});
await here.page.waitForTimeout(800);
await here.page.screenshot({ path: outdir + '/register-1280.png' });
await here.page.goto(base + '/sign-in');
await settled(here.page); await here.page.screenshot({ path: outdir + '/signin-1280.png' });
const code = async () => { for (let i=0;i<100;i++){ const r = await (await fetch(sms + '/messages?to=' + phoneHint)).json().catch(()=>[]); const l = Array.isArray(r)?r:r.messages; const m=l.find(x=>/\d{6}/.test(x.text)); if (m) return /\b(\d{6})\b/.exec(m.text)[1]; await new Promise(r=>setTimeout(r,100)); } };
await signIn(here, { login: id, password: pw, code });
for (const p of ['/', '/contributions', '/messages', '/enquiries', '/enquiries/new?about=sealed', '/help', '/interest', '/history', '/statements', '/security','/borrowing','/loan']) {
  await here.page.goto(base + p); await settled(here.page).catch(()=>{});
  for (const w of [1280, 360]) { await here.page.setViewportSize({ width: w, height: 900 }); await here.page.waitForTimeout(200);
    await here.page.screenshot({ path: `${outdir}/${p.replace(/[/?=]/g,'_')}-${w}.png`, fullPage: true }); }
}
console.log(here.faults); await b.close();
