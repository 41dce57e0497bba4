/** The interactive elements, which slack-blocks-to-jsx draws but nobody can use. */

import { useId, useState } from "react";
import { Confirming } from "./Confirming";
import type { Element, FeedbackButton, Option, State } from "./slack";
import { useSurroundings } from "./surroundings";

export type Chosen = string | string[] | null;
/** Tell the app that an element was used. */
export type Use = (action: string, value: string | null, selected: Chosen) => void;

type Props = { element: Element; label?: string; value: Chosen; onValue: (value: Chosen) => void };

/** What stands in an element, read from the state that the server keeps. */
export function chosenIn(state: State | undefined): Chosen {
  if (!state) return null;
  if (state.selected_options) return state.selected_options.map((one) => one.value);
  if (state.selected_option) return state.selected_option.value;
  const other = Object.entries(state).find(([key]) => key !== "type")?.[1];
  return typeof other === "string" || Array.isArray(other) ? (other as Chosen) : null;
}

/** An element that does something as soon as it is used. */
export function Usable({ element, state, use }: { element: Element; state?: State; use: Use }) {
  const [shown, setShown] = useState<Chosen>(chosenIn(state) ?? initial(element));
  switch (element.type) {
    case "button":
    case "workflow_button":
    case "icon_button":
      return <Button element={element} use={use} />;
    case "feedback_buttons":
      return <Feedback element={element} use={use} />;
    default:
      return (
        <Field
          element={element}
          value={shown}
          onValue={(value) => {
            setShown(value);
            use(element.action_id, null, value);
          }}
        />
      );
  }
}

function Button({ element, use }: { element: Element; use: Use }) {
  const [asking, setAsking] = useState(false);
  const press = () => {
    if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
    use(element.action_id, element.value ?? null, null);
  };
  return (
    <>
      <button
        type="button"
        className={`button ${element.style ?? ""}`}
        aria-label={element.accessibility_label}
        onClick={() => (element.confirm ? setAsking(true) : press())}
      >
        {element.text?.text ?? "✕"}
      </button>
      {asking && element.confirm && (
        <Confirming
          title={element.confirm.title.text}
          text={element.confirm.text.text}
          confirm={element.confirm.confirm.text}
          deny={element.confirm.deny.text}
          onDone={(sure) => {
            setAsking(false);
            if (sure) press();
          }}
        />
      )}
    </>
  );
}

function Feedback({ element, use }: { element: Element; use: Use }) {
  const faces = [element.positive_button, element.negative_button] as const;
  const thumb = (face: FeedbackButton, at: number) => (
    <button
      key={face.value}
      type="button"
      className="button"
      onClick={() => use(element.action_id, face.value, null)}
    >
      <svg className={at ? "thumb down" : "thumb"} viewBox="0 0 16 16" aria-hidden="true">
        <path d="M2 7h2.5v7H2zM5.5 7l2.7-5c1.3 0 1.9.9 1.6 2.2L9.3 6H13c.9 0 1.4.7 1.2 1.5l-1.3 5.3c-.2.7-.7 1.2-1.5 1.2H5.5z" />
      </svg>{" "}
      {face.text.text}
    </button>
  );
  return <>{faces.map((face, at) => face && thumb(face, at))}</>;
}

/** An input of any kind, drawn with the browser's own controls. */
export function Field({ element, label, value, onValue }: Props) {
  const options = useOptions(element);
  const kind = element.type;
  const named = label ?? element.placeholder?.text ?? "Choose";
  if (kind.startsWith("multi_") || kind === "checkboxes" || kind === "radio_buttons")
    return <Choices {...{ element, options, label: named, value, onValue }} />;
  if (options || kind === "overflow")
    return <Select {...{ element, options: options ?? [], label: named, value, onValue }} />;
  const common = {
    "aria-label": named,
    value: typeof value === "string" ? value : "",
    placeholder: element.placeholder?.text,
    maxLength: element.max_length,
  };
  if (element.multiline || kind === "rich_text_input")
    return <textarea rows={4} {...common} onChange={(e) => onValue(e.target.value || null)} />;
  return (
    <input type={INPUTS[kind] ?? "text"} {...common} onChange={(e) => onValue(e.target.value || null)} />
  );
}

const INPUTS: Record<string, string> = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "number",
  datepicker: "date",
  timepicker: "time",
  datetimepicker: "datetime-local",
};

function Select(props: Props & { options: Option[]; label: string }) {
  const { element, options, label, value, onValue } = props;
  const option = (one: Option) => (
    <option key={one.value} value={one.value}>
      {one.text.text}
    </option>
  );
  return (
    <select
      aria-label={label}
      value={typeof value === "string" ? value : ""}
      onChange={(e) => onValue(e.target.value || null)}
    >
      <option value="">{element.placeholder?.text ?? (element.type === "overflow" ? "⋯" : "Choose")}</option>
      {element.option_groups
        ? element.option_groups.map((group) => (
            <optgroup key={group.label.text} label={group.label.text}>
              {group.options.map(option)}
            </optgroup>
          ))
        : options.map(option)}
    </select>
  );
}

function Choices(props: Props & { options: Option[] | null; label: string }) {
  const { element, options, label, value, onValue } = props;
  const name = useId();
  const one = element.type === "radio_buttons";
  const held = Array.isArray(value) ? value : value ? [value] : [];
  const isFull = !one && held.length >= (element.max_selected_items ?? Infinity);
  const toggled = (it: string) =>
    held.includes(it) ? held.filter((other) => other !== it) : [...held, it];
  return (
    <fieldset className={(options?.length ?? 0) > 8 ? "choices many" : "choices"}>
      <legend className="unseen">{label}</legend>
      {(options ?? []).map((option) => (
        <label key={option.value}>
          <input
            type={one ? "radio" : "checkbox"}
            name={name}
            checked={held.includes(option.value)}
            disabled={isFull && !held.includes(option.value)}
            onChange={() => onValue(one ? option.value : toggled(option.value))}
          />
          <span>
            {option.text.text}
            {option.description && <small>{option.description.text}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** What may be chosen: the app's options, or people and channels; null where something is typed. */
function useOptions(element: Element): Option[] | null {
  const { people, channels } = useSurroundings();
  const groups = element.option_groups?.flatMap((group) => group.options);
  if (element.options ?? groups) return element.options ?? groups ?? [];
  const named = (id: string, text: string): Option => ({ value: id, text: { type: "plain_text", text } });
  if (element.type.endsWith("users_select")) return people.map((one) => named(one.id, one.realName));
  if (/(channels|conversations)_select$/.test(element.type))
    return channels.filter((one) => one.name).map((one) => named(one.id, `#${one.name}`));
  return null;
}

function initial(element: Element): Chosen {
  const held = element as Record<string, unknown>;
  const option = held["initial_option"] as Option | undefined;
  const options = held["initial_options"] as Option[] | undefined;
  return options?.map((one) => one.value) ?? option?.value ?? null;
}
