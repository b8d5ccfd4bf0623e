/// The style of the hosted page.
///
/// A string in the program, so that the binary can be copied anywhere by itself; at an address of
/// its own, so that the pages' content security policy need not allow inline styles.
enum Stylesheet {
  static let path = "/emulator.css"

  static let source = """
    :root {
      color-scheme: light dark;
      --ground: #f4f5f7; --card: #ffffff; --text: #1b1f24; --quiet: #57606a; --line: #d5dae1;
      --edge: #858f9b; --accent: #0b57d0; --on-accent: #ffffff;
      --notice: #fff4d6; --on-notice: #573a00;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #111418; --card: #1a1f26; --text: #e6e9ed; --quiet: #a0a9b4; --line: #343c46;
        --edge: #737e8b; --accent: #8ab4f8; --on-accent: #0b1a33;
        --notice: #3b2f10; --on-notice: #ffe6a8;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--text);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
    }
    header { background: var(--notice); color: var(--on-notice); }
    header p { max-width: 36rem; margin: 0 auto; padding: .625rem 1.25rem; font-size: .875rem; }
    header strong { margin-right: .5rem; }
    main { max-width: 36rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
    h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; }
    h2 { margin: 0; font-size: 1.0625rem; }
    p { margin: 0 0 1rem; overflow-wrap: anywhere; }
    section { margin-top: 1rem; }
    .choice {
      padding: 1.125rem 1.25rem 1.25rem; background: var(--card);
      border: 1px solid var(--line); border-radius: .75rem;
    }
    .choice p, label { color: var(--quiet); font-size: .9375rem; }
    .choice p { margin-bottom: .875rem; }
    label { display: block; margin-bottom: .375rem; }
    select, button, .button {
      display: block; width: 100%; min-height: 2.875rem; padding: .5rem .875rem;
      border: 1px solid var(--edge); border-radius: .5rem;
      background: var(--card); color: inherit; font: inherit;
    }
    select { margin-bottom: .75rem; }
    button, .button {
      display: flex; align-items: center; justify-content: center;
      font-weight: 600; text-decoration: none; cursor: pointer;
    }
    button:hover, .button:hover { border-color: var(--accent); }
    .primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
    .primary:hover { filter: brightness(1.08); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    #details { margin: 2rem 0 .25rem; }
    dl { margin: 0; }
    dl div {
      display: grid; grid-template-columns: 5.5rem 1fr; gap: 1rem;
      padding: .625rem 0; border-bottom: 1px solid var(--line);
    }
    dl div:last-child { border-bottom: 0; }
    dt { color: var(--quiet); font-size: .9375rem; }
    dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
    code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }

    """
}
