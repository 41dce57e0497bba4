/** The first minute: five things to try, ticked off as they are done. */

import type { Snapshot } from "./slack";

/** What a suggestion prepares; the person sends it. */
export type Prepared = { person: string; place: string; text: string; file?: File };

const CAREERS = "C0CAREERS";
const ARTICLE = `# Product guilds

A product guild is a group of product managers who share what they learned.

## How often does a product guild meet?

A product guild meets every second Thursday for ninety minutes, and its notes are open to all.

## Who leads a product guild?

A product guild is led by one product manager for half a year, and then by another.
`;

const STEPS: { face: string; then: string; done: (shown: Snapshot) => boolean; prepare: () => Prepared }[] = [
  {
    face: "Mention the bot in a channel",
    then: "Send it, then ask “and how do I become one?” in the thread, without a mention.",
    done: (shown) => used(shown, /^app_mention/),
    prepare: () => ({ person: "ann", place: CAREERS, text: "@PM Role what does a VP of Product do" }),
  },
  {
    face: "Compare two titles with /pmrole",
    then: "Only you see the answer, until you press Share.",
    done: (shown) => used(shown, /^\/pmrole/),
    prepare: () => ({ person: "ann", place: CAREERS, text: "/pmrole cpo vs head of product" }),
  },
  {
    face: "Write to the bot directly",
    then: "Rate the answer with a thumb, or press Compare with….",
    done: (shown) => used(shown, /^message$/) && shown.messages.some((one) => one.channel.startsWith("D") && one.user !== shown.bot),
    prepare: () => ({ person: "ann", place: "dm", text: "How do I become a group product manager?" }),
  },
  {
    face: "Open the app's Home",
    then: "Press a title on the ladder.",
    done: (shown) => shown.home !== null,
    prepare: () => ({ person: "ann", place: "home", text: "" }),
  },
  {
    face: "Add an article as the admin",
    then: "Send the file as Ada, press Add, and ask “How often does a product guild meet?”",
    done: (shown) => shown.messages.some((one) => one.files.length > 0),
    prepare: () => ({
      person: "ada",
      place: "dm",
      text: "",
      file: new File([ARTICLE], "Product guilds.md", { type: "text/markdown" }),
    }),
  },
];

const used = (shown: Snapshot, what: RegExp) => shown.deliveries.some((one) => what.test(one.what));

type Props = { shown: Snapshot; prepare: (prepared: Prepared) => void; close: () => void };

/** Suggest what to try. */
export function Guide({ shown, prepare, close }: Props) {
  const next = STEPS.findIndex((step) => !step.done(shown));
  return (
    <section className="guide" aria-label="Five things to try">
      <header>
        <h2>Five things to try</h2>
        <button type="button" className="plain" aria-label="Close the suggestions" onClick={close}>
          ✕
        </button>
      </header>
      <ol>
        {STEPS.map((step, at) => (
          <li key={step.face}>
            <button type="button" className="plain" onClick={() => prepare(step.prepare())}>
              <span aria-hidden="true">{step.done(shown) ? "✓" : "○"}</span> {step.face}
              {step.done(shown) && <span className="unseen"> (done)</span>}
              {at === next && <small>{step.then}</small>}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
