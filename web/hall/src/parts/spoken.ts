// A page's words as a voice reads them: sentence by sentence, amounts as numbers.

const LONGEST = 160; // some voices stop in the middle of more

/** "57,880.81" is one number and not two; "−" is a word. */
export function sentences(text: string, minus: string): string[] {
  return text
    .replace(/(\d),(?=\d{3})/g, '$1')
    .replace(/[−-](?=\d+\.\d\d)/g, minus)
    .split(/\n+|(?<=[。！？；])|(?<=[.!?;])\s+/)
    .flatMap((part) => part.match(new RegExp(`.{1,${LONGEST}}`, 'gu')) ?? [])
    .map((part) => part.trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
}
