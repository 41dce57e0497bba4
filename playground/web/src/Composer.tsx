/** Where somebody types: messages, slash commands, files, and the shortcuts of the app. */

import { useRef, useState } from "react";
import type { Shortcut, Snapshot } from "./slack";

type Props = {
  shown: Snapshot;
  label: string;
  text: string;
  onText: (text: string) => void;
  send: (text: string, files: File[]) => Promise<boolean>;
  files: File[];
  onFiles: (files: File[]) => void;
  useShortcut?: (shortcut: Shortcut) => void;
};

/** A box to write in; Enter sends, Shift and Enter begin a new line. */
export function Composer(props: Props) {
  const { shown, label, text, onText, send, files, onFiles, useShortcut } = props;
  const [isSending, setSending] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);

  const sendNow = async () => {
    if (isSending || !(text.trim() || files.length)) return;
    setSending(true);
    if (await send(text.trim(), files)) {
      onText("");
      onFiles([]);
    }
    setSending(false);
    box.current?.focus();
  };
  const take = (chosen: string) => {
    onText(chosen);
    box.current?.focus();
  };
  return (
    <div className="composer">
      <Offers shown={shown} text={text} take={take} />
      {files.length > 0 && (
        <ul className="files">
          {files.map((file) => (
            <li key={file.name}>
              {file.name}
              <button
                type="button"
                className="plain"
                aria-label={`Take ${file.name} away`}
                onClick={() => onFiles(files.filter((one) => one !== file))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      <textarea
        ref={box}
        rows={2}
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          void sendNow();
        }}
      />
      <div className="tools">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files"
          onChange={(event) => {
            onFiles([...files, ...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <button type="button" className="plain" onClick={() => picker.current?.click()}>
          Attach
        </button>
        <button type="button" className="plain" onClick={() => take(`${text}@PM Role `)}>
          Mention
        </button>
        {useShortcut && <Shortcuts shown={shown} useShortcut={useShortcut} />}
        <button type="button" className="button send" disabled={isSending} onClick={() => void sendNow()}>
          Send
        </button>
      </div>
    </div>
  );
}

function Shortcuts({ shown, useShortcut }: { shown: Snapshot; useShortcut: (one: Shortcut) => void }) {
  const global = shown.shortcuts.filter((one) => one.type === "global");
  if (global.length === 0) return null;
  return (
    <Menu label="Shortcuts" face="Shortcuts">
      {global.map((one) => (
        <button key={one.callback_id} type="button" className="plain" onClick={() => useShortcut(one)}>
          {one.name} <small>{one.description}</small>
        </button>
      ))}
    </Menu>
  );
}

/** What opens below a button, and closes when something in it is chosen. */
export function Menu(props: { label: string; face: string; children: React.ReactNode }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => menu.current?.removeAttribute("open");
  return (
    <details
      ref={menu}
      className="menu"
      onClick={(event) => (event.target as HTMLElement).closest("button") && close()}
      onKeyDown={(event) => event.key === "Escape" && close()}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}
    >
      <summary aria-label={props.label}>{props.face}</summary>
      <div>{props.children}</div>
    </details>
  );
}

/** Complete a command, or the name after an "@". */
function Offers({ shown, text, take }: { shown: Snapshot; text: string; take: (text: string) => void }) {
  const at = /(^|\s)@(\w*)$/.exec(text);
  const offers: { face: string; hint: string; text: string }[] = [];
  if (/^\/\w*$/.test(text))
    for (const one of shown.commands.filter((it) => it.command.startsWith(text)))
      offers.push({ face: one.command, hint: one.usage_hint ?? one.description, text: `${one.command} ` });
  if (at)
    for (const one of shown.people.filter((it) => it.realName.toLowerCase().startsWith((at[2] ?? "").toLowerCase())))
      offers.push({
        face: `@${one.realName}`,
        hint: one.role,
        text: `${text.slice(0, at.index)}${at[1] ?? ""}@${one.realName} `,
      });
  if (offers.length === 0) return null;
  return (
    <div className="offers" role="group" aria-label="Completions">
      {offers.map((one) => (
        <button key={one.text} type="button" className="plain" onClick={() => take(one.text)}>
          <b>{one.face}</b> <small>{one.hint}</small>
        </button>
      ))}
    </div>
  );
}
