/** A modal: its inputs, what is wrong with them, and the way out. */

import { useState } from "react";
import { Blocks } from "./Blocks";
import { Dialog } from "./Confirming";
import { type Chosen, chosenIn, Field, type Use } from "./Elements";
import type { Block, View } from "./slack";

type Props = {
  view: View;
  depth: number;
  use: Use;
  submit: (values: Record<string, Chosen>) => Promise<Record<string, string>>;
  close: (everything: boolean) => void;
};

/** Show the view on top of somebody's stack. */
export function Modal({ view, depth, use, submit, close }: Props) {
  const [values, setValues] = useState<Record<string, Chosen>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isSent, setSent] = useState(false);

  const held = (block: Block): Chosen => {
    const id = block.block_id ?? "";
    if (id in values) return values[id] ?? null;
    return chosenIn(view.values[id]?.[block.element?.action_id ?? ""]);
  };
  const inputs = view.blocks.filter((one) => one.type === "input");
  const send = async () => {
    const missing = inputs.filter((one) => !one.optional && !held(one)?.length);
    const told = missing.map((one) => [one.block_id, "Please complete this required field."]);
    setErrors(Object.fromEntries(told));
    if (missing.length > 0) return;
    setSent(true);
    setErrors(await submit(values));
    setSent(false);
  };
  const input = (block: Block) => {
    const id = block.block_id ?? "";
    const put = (value: Chosen) => {
      setValues((old) => ({ ...old, [id]: value }));
      if (block.dispatch_action && block.element) use(block.element.action_id, null, value);
    };
    return (
      <div className="input" role="group" aria-label={block.label?.text}>
        <span className="label">
          {block.label?.text} {block.optional && <small>(optional)</small>}
        </span>
        {block.element && (
          <Field element={block.element} label={block.label?.text} value={held(block)} onValue={put} />
        )}
        {block.hint && <small>{block.hint.text}</small>}
        {errors[id] && <p role="alert" className="wrong">{errors[id]}</p>}
      </div>
    );
  };
  return (
    <Dialog label={view.title} onClose={() => close(false)} className="modal">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <header>
          <h2>{view.title}</h2>
          <button type="button" className="plain" aria-label="Close" onClick={() => close(true)}>
            ✕
          </button>
        </header>
        <div className="content" tabIndex={0} role="group" aria-label={`${view.title}: content`}>
          <Blocks blocks={view.blocks} use={use} values={view.values} input={input} />
          {errors[""] && <p role="alert" className="wrong">{errors[""]}</p>}
        </div>
        <footer>
          <button type="button" className="button" onClick={() => close(false)}>
            {depth > 1 && view.close === "Cancel" ? "Back" : view.close}
          </button>
          {view.submit && (
            <button type="submit" className="button primary" disabled={isSent}>
              {view.submit}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
