/* /style.css of all stand-ins. */
extern const char standin_style[];
const char standin_style[] =
    ":root { color-scheme: light dark; font: 16px/1.6 system-ui, 'Noto Sans CJK SC', sans-serif; }\n"
    "body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 42rem; }\n"
    "h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .25rem; }\n"
    "p { margin: .25rem 0; }\n"
    ".note, .head { color: GrayText; font-size: .875rem; }\n"
    "ol { list-style: none; margin: 1.5rem 0 0; padding: 0; }\n"
    "li { border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: .75rem;\n"
    "     margin: 0 0 .75rem; padding: .75rem 1rem; overflow-wrap: anywhere; }\n"
    ".head { display: flex; justify-content: space-between; gap: 1rem;\n"
    "        font-variant-numeric: tabular-nums; }\n"
    ".text { font-variant-numeric: tabular-nums; }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr; gap: .125rem 1rem; margin: .25rem "
    "0 0; }\n"
    "dt { color: GrayText; }\n"
    "dd { margin: 0; font-variant-numeric: tabular-nums; user-select: all; }\n"
    ".moods { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; }\n"
    "button { font: inherit; padding: .375rem .875rem; border-radius: .5rem; cursor: pointer;\n"
    "         border: 1px solid color-mix(in srgb, CanvasText 30%, Canvas); background: Canvas;\n"
    "         color: CanvasText; }\n"
    "button[aria-pressed] { background: CanvasText; color: Canvas; }\n";
