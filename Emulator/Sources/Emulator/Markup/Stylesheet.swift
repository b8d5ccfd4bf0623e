/// The style of all pages.
///
/// Compiled in, so that the program is a single file. It has a URL of its own, so that the content
/// security policy of the pages need not allow inline styles.
enum Stylesheet {
  static let path = "/emulator.css"

  static let source = common + hosted + dashboard

  private static let common = """
    :root {
      color-scheme: light dark;
      --ground: #f5f6f8; --card: #ffffff; --sunken: #eef0f4; --text: #171b21; --quiet: #566070;
      --line: #dde1e8; --edge: #848e9c; --accent: #3346c8; --on-accent: #ffffff;
      --notice: #fff3d1; --on-notice: #553900;
      --good: #0d6b3c; --good-ground: #def4e6; --bad: #a8201f; --bad-ground: #fde5e3;
      --waiting: #7a4a00; --waiting-ground: #fdeecb;
      --shadow: 0 1px 2px rgb(20 30 50 / .06), 0 4px 16px rgb(20 30 50 / .05);
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #0f1217; --card: #181c23; --sunken: #20252e; --text: #e7eaef; --quiet: #a3adba;
        --line: #2c333e; --edge: #707b89; --accent: #a4b4ff; --on-accent: #10174a;
        --notice: #37290a; --on-notice: #ffe3a0;
        --good: #7fdca6; --good-ground: #12331f; --bad: #ffa49c; --bad-ground: #421816;
        --waiting: #f5c76a; --waiting-ground: #38290a;
        --shadow: none;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--text);
      font: 1rem/1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
    }
    h1 {
      margin: 0; font-size: 1.5rem; line-height: 1.2; letter-spacing: -.015em;
      overflow-wrap: anywhere;
    }
    h2 { margin: 0 0 .5rem; font-size: 1.0625rem; letter-spacing: -.005em; }
    h3 { margin: 0 0 .5rem; font-size: .8125rem; font-weight: 600; color: var(--quiet); }
    p { margin: 0 0 1rem; overflow-wrap: anywhere; }
    a { color: var(--accent); text-underline-offset: .15em; }
    code, pre { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    code { overflow-wrap: anywhere; }
    ul, ol { margin: 0; padding: 0; list-style: none; }
    form { margin: 0; }
    .card {
      padding: 1.25rem; background: var(--card); border: 1px solid var(--line);
      border-radius: .875rem; box-shadow: var(--shadow);
    }
    .hint { margin: .375rem 0 0; color: var(--quiet); font-size: .8125rem; }
    .visually-hidden {
      position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap;
    }
    input, select, button, .button {
      min-height: 2.75rem; padding: .4375rem .875rem; border: 1px solid var(--edge);
      border-radius: .5rem; background: var(--card); color: inherit; font: inherit;
    }
    input, select { width: 100%; }
    input[type=checkbox], input[type=radio] { width: auto; min-height: 0; margin: 0; accent-color: var(--accent); }
    label { display: block; margin-bottom: .25rem; font-size: .875rem; color: var(--quiet); }
    button, .button {
      display: inline-flex; align-items: center; justify-content: center;
      font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
    }
    button:hover, .button:hover { border-color: var(--accent); color: var(--accent); }
    .primary, .primary:hover { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
    .primary:hover { filter: brightness(1.1); }
    .quiet { border-color: transparent; background: none; color: var(--quiet); }
    .small { min-height: 2rem; padding: .125rem .625rem; font-size: .8125rem; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .choices { display: flex; flex-wrap: wrap; gap: .5rem; }
    .line { display: flex; flex-wrap: wrap; align-items: end; gap: .75rem; margin-top: .75rem; }
    .line .wide { flex: 1 1 12rem; }
    dl { margin: 0; }
    dl div {
      display: grid; grid-template-columns: 7rem 1fr; gap: 1rem;
      padding: .5rem 0; border-bottom: 1px solid var(--line);
    }
    dl div:last-child { border-bottom: 0; }
    dt { color: var(--quiet); font-size: .875rem; }
    dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
    .zone { color: var(--quiet); }

    """

  private static let hosted = """
    .notice { background: var(--notice); color: var(--on-notice); }
    .notice p { max-width: 34rem; margin: 0 auto; padding: .625rem 1.25rem; font-size: .875rem; }
    .notice strong { margin-right: .5rem; }
    .hosted main, .endings, .details { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1.25rem 0; }
    .details { padding-bottom: 3rem; }
    .hosted .card { padding: 1.75rem 1.5rem 1.25rem; }
    .hosted h1 { margin-bottom: .625rem; }
    .hosted main .primary { display: flex; width: 100%; }
    .hosted main p:last-child { margin-bottom: .5rem; }
    .picture {
      display: block; margin-bottom: 1rem; padding: .625rem; width: 3.5rem; height: 3.5rem;
      border-radius: 1rem; background: var(--sunken);
      fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round;
    }
    .steps { display: grid; grid-template-columns: repeat(4, 1fr); gap: .5rem; margin-bottom: 1rem; }
    .steps li { padding-top: .5rem; border-top: 4px solid var(--line); color: var(--quiet); font-size: .8125rem; }
    .steps .done { border-color: var(--accent); }
    .steps .done > span::before { content: "✓ " / ""; }
    .steps .current { border-color: var(--accent); color: var(--text); font-weight: 650; }
    .aside { display: flex; justify-content: space-between; margin-top: .5rem; }
    .aside form:only-child { margin: 0 auto; }
    .specimen {
      margin: 0 0 1.25rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .75rem;
      background: var(--sunken);
    }
    .specimen p { margin: 0; font-weight: 600; }
    .specimen .kind { color: var(--quiet); font-size: .75rem; letter-spacing: .08em; text-transform: uppercase; }
    .specimen .number { margin-top: 1.25rem; color: var(--quiet); font: .8125rem ui-monospace, "DejaVu Sans Mono", monospace; }
    .hosted .specimen + form, .hosted dl + form { margin-top: 1.25rem; }
    .endings > p { color: var(--quiet); font-size: .9375rem; }
    .endings form { padding: 1rem 0; border-top: 1px dashed var(--edge); }
    .endings button { min-height: 2.5rem; font: 600 .8125rem ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    .endings .line button { min-height: 2.75rem; font: inherit; font-weight: 600; }

    """

  private static let dashboard = """
    .skip { position: absolute; left: -100vw; padding: .75rem 1rem; background: var(--card); }
    .skip:focus { left: 0; z-index: 1; }
    .bar {
      display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.5rem; padding: .5rem 2rem;
      background: var(--card); border-bottom: 1px solid var(--line);
    }
    .bar p { margin: 0; white-space: nowrap; }
    .brand a { color: var(--text); font-weight: 700; text-decoration: none; letter-spacing: -.01em; }
    .brand span { padding: .125rem .375rem; border-radius: .375rem; background: var(--notice); color: var(--on-notice); font-size: .75rem; font-weight: 600; }
    .bar nav { flex: 1; }
    .bar ul { display: flex; flex-wrap: wrap; gap: .125rem; }
    .bar nav a {
      display: block; padding: .5rem .75rem; border-radius: .5rem; color: var(--quiet);
      font-size: .9375rem; font-weight: 500; text-decoration: none;
    }
    .bar nav a:hover { background: var(--sunken); color: var(--text); }
    .bar nav [aria-current] { background: var(--sunken); color: var(--text); font-weight: 650; }
    .time { color: var(--quiet); font-size: .8125rem; font-variant-numeric: tabular-nums; }
    .time b { padding: .125rem .5rem; border-radius: 1rem; background: var(--waiting-ground); color: var(--waiting); font-weight: 600; }
    .dashboard main { max-width: 76rem; margin: 0 auto; padding: 1.75rem 2rem 4rem; }
    .dashboard main > * + *, .columns > div > * + * { margin-top: 1.25rem; }
    .head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem 1rem; }
    .refresh { margin: 0; color: var(--quiet); font-size: .875rem; }
    .banner { padding: .75rem 1rem; border-radius: .625rem; background: var(--good-ground); color: var(--good); }
    .banner.error { background: var(--bad-ground); color: var(--bad); }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; }
    .figures a {
      display: block; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .75rem;
      background: var(--card); color: var(--quiet); font-size: .8125rem; text-decoration: none;
    }
    .figures a:hover { border-color: var(--accent); }
    .figures b { display: block; color: var(--text); font-size: 1.375rem; font-variant-numeric: tabular-nums; line-height: 1.3; }
    .columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.25rem; align-items: start; }
    table {
      width: 100%; border: 1px solid var(--line); border-spacing: 0; border-radius: .875rem;
      background: var(--card); box-shadow: var(--shadow); font-size: .9375rem;
    }
    th { padding: .625rem 1rem; color: var(--quiet); font-size: .8125rem; font-weight: 500; text-align: left; white-space: nowrap; }
    td { padding: .625rem 1rem; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
    td .column { display: none; }
    td time { font-size: .8125rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
    td .zone { display: none; }
    td a { font-weight: 600; }
    .under { display: block; color: var(--quiet); font-size: .8125rem; }
    .nothing { color: var(--quiet); }
    .badge {
      display: inline-block; padding: .0625rem .5rem; border-radius: 1rem; background: var(--sunken);
      color: var(--text); font-size: .75rem; font-weight: 650; letter-spacing: .01em; white-space: nowrap;
    }
    .badge.good { background: var(--good-ground); color: var(--good); }
    .badge.bad { background: var(--bad-ground); color: var(--bad); }
    .badge.waiting { background: var(--waiting-ground); color: var(--waiting); }
    .pair { display: flex; flex-wrap: wrap; gap: .5rem; }
    td .pair { flex-wrap: nowrap; justify-content: end; }
    td .line { margin: 0; flex-wrap: nowrap; align-items: center; gap: .5rem; }
    td .line input { min-height: 2rem; width: 9rem; padding: .125rem .5rem; }
    .timeline { margin-left: .375rem; border-left: 2px solid var(--line); }
    .timeline li { position: relative; padding: 0 0 .875rem 1.25rem; font-size: .9375rem; }
    .timeline li::before {
      content: ""; position: absolute; left: calc(-.375rem - 1px); top: .4375rem; width: .75rem;
      height: .75rem; border: 2px solid var(--card); border-radius: 50%; background: var(--accent);
    }
    .timeline time { display: block; color: var(--quiet); font-size: .8125rem; }
    .empty { padding: 2rem; border: 1px dashed var(--edge); border-radius: .875rem; }
    .empty p { color: var(--quiet); }
    pre { margin: 0; padding: 1rem; overflow-x: auto; border-radius: .625rem; background: var(--sunken); }
    .hint + pre { margin-top: 1rem; }
    pre code { overflow-wrap: normal; font-size: 1em; }
    .messages { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); gap: 1rem; }
    .messages .to { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; color: var(--quiet); font-size: .875rem; }
    .messages .text { white-space: pre-line; }
    .messages .link { margin: 0; font-size: .875rem; }
    summary { cursor: pointer; color: var(--quiet); }
    details.card summary { color: inherit; font-weight: 600; }
    details.card form { margin-top: 1rem; max-width: 40rem; }
    .card form > label:not(.check):not(:first-child) { margin-top: .75rem; }
    fieldset { margin: 1rem 0; padding: 0; border: 0; }
    legend { padding: 0; margin-bottom: .375rem; color: var(--quiet); font-size: .875rem; }
    .check { display: flex; align-items: center; gap: .5rem; min-height: 2rem; margin: 0; color: var(--text); }
    .card form:not(.pair) > .primary { margin-top: 1rem; }
    .check code { white-space: nowrap; }
    .face { padding: 2rem; text-align: center; }
    .face p { margin: 0; color: var(--quiet); }
    .face .hour { color: var(--text); font-size: 3rem; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.02em; line-height: 1.3; }
    .face .hour span { font-size: 1rem; color: var(--quiet); letter-spacing: 0; }
    .questions { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem 1.5rem; align-items: end; }
    .questions label code { display: block; color: var(--text); font-weight: 600; }
    @media (max-width: 46rem) {
      .bar { padding: .5rem 1rem; }
      .bar nav { order: 3; flex-basis: 100%; }
      .bar nav a { padding: .5rem; }
      .bar .brand { flex: 1; }
      .bar .zone { display: none; }
      .dashboard main { padding: 1.25rem 1rem 3rem; }
      .columns { grid-template-columns: minmax(0, 1fr); }
      .figures { grid-template-columns: repeat(2, 1fr); }
      .empty { padding: 1.25rem; }
      table, tbody, tr { display: block; }
      table { border: 0; background: none; box-shadow: none; }
      thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      tr { margin-bottom: .75rem; padding: .5rem 0; border: 1px solid var(--line); border-radius: .875rem; background: var(--card); }
      td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .75rem; padding: .3125rem 1rem; border: 0; }
      td .column { display: block; color: var(--quiet); font-size: .8125rem; }
      td .pair { flex-wrap: wrap; justify-content: start; }
    }

    """
}
