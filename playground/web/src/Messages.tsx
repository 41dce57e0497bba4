/** Messages in the order in which they came, with what was refused between them. */

import { useEffect, useRef, useState } from "react";
import { Blocks, Text } from "./Blocks";
import { Menu } from "./Composer";
import type { Use } from "./Elements";
import type { Call, Message, Shortcut, Snapshot, Status } from "./slack";

export type Doings = {
  use: (message: Message) => Use;
  edit: (message: Message, text: string) => Promise<boolean>;
  remove: (message: Message) => void;
  useShortcut: (shortcut: Shortcut, message: Message) => void;
  openThread?: (ts: string) => void;
};

type Props = {
  shown: Snapshot;
  label: string;
  messages: Message[];
  refused: Call[];
  statuses: Status[];
  doings: Doings;
  empty: string;
};

/** A list of messages that shows the latest as it comes. */
export function Messages({ shown, label, messages, refused, statuses, doings, empty }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const entries = [
    ...messages.map((one) => ({ at: Number(one.ts), message: one, call: undefined })),
    ...refused.map((one) => ({ at: one.at, message: undefined, call: one })),
  ].sort((one, other) => one.at - other.at);
  useEffect(() => {
    const held = list.current;
    const latest = held?.lastElementChild as HTMLElement | null;
    // One that is taller than the list is read from its beginning.
    if (held && latest) held.scrollTop = latest.offsetTop - held.offsetTop - 8;
  }, [entries.length, statuses.length, shown.messages.length]);
  return (
    <div
      ref={list}
      className="messages"
      role="log"
      aria-label={label}
      tabIndex={0}
    >
      {entries.length === 0 && <p className="empty">{empty}</p>}
      {entries.map(({ message, call }) =>
        message ? (
          <Item key={message.ts} {...{ shown, message, doings }} />
        ) : (
          call && <RefusedCall key={`call ${call.id}`} call={call} />
        ),
      )}
      {statuses.map((one) => (
        <p key={one.thread} className="status" role="status">
          PM Role {one.loading[0] ?? one.text}
        </p>
      ))}
    </div>
  );
}

/** A call that Slack refused, as the app's author has to see it. */
export const RefusedCall = ({ call }: { call: Call }) => (
  <div className="refused" role="alert">
    <b>
      Slack refused {call.method}: {call.error}
    </b>
    {call.reasons.map((reason) => (
      <p key={reason}>{reason}</p>
    ))}
  </div>
);

function Item({ shown, message, doings }: { shown: Snapshot; message: Message; doings: Doings }) {
  const [isEditing, setEditing] = useState(false);
  const author = shown.people.find((one) => one.id === message.user);
  const name = author?.realName ?? "Slackbot";
  const time = new Date(Number(message.ts) * 1000);
  const replies = doings.openThread
    ? shown.messages.filter((one) => one.channel === message.channel && one.thread === message.ts)
    : [];
  return (
    <article className={message.isAlone ? "message alone" : "message"} aria-label={`Message of ${name}`}>
      <span className={`face ${author?.role ?? ""}`} aria-hidden="true">
        {name[0]}
      </span>
      <div className="body">
        {message.isAlone && <p className="banner">Only visible to you</p>}
        <header>
          <b>{name}</b>
          {author?.role === "app" && <span className="badge">APP</span>}
          <time dateTime={time.toISOString()}>
            {time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}
          </time>
          <More {...{ shown, message, doings, startEditing: () => setEditing(true) }} />
        </header>
        {isEditing ? (
          <Editing {...{ shown, message, doings, end: () => setEditing(false) }} />
        ) : message.blocks.length > 0 ? (
          <Blocks blocks={message.blocks} use={doings.use(message)} />
        ) : (
          <Text text={message.text} />
        )}
        {message.isEdited && <small className="edited">(edited)</small>}
        {message.files.map((file) => (
          <p key={file.name} className="file">
            {file.name} <small>{file.size.toLocaleString()} bytes</small>
          </p>
        ))}
        {replies.length > 0 && (
          <button type="button" className="replies" onClick={() => doings.openThread?.(message.ts)}>
            {replies.length} {replies.length === 1 ? "reply" : "replies"}
          </button>
        )}
      </div>
    </article>
  );
}

type ItemProps = { shown: Snapshot; message: Message; doings: Doings };

function More(props: ItemProps & { startEditing: () => void }) {
  const { shown, message, doings, startEditing } = props;
  if (message.isDeleted) return null;
  const isMine = message.user === shown.me;
  const shortcuts = message.isAlone ? [] : shown.shortcuts.filter((one) => one.type === "message");
  const canThread = doings.openThread && !message.isAlone;
  if (!isMine && !canThread && shortcuts.length === 0) return null;
  return (
    <Menu label="More actions" face="⋯">
      {canThread && (
        <button type="button" className="plain" onClick={() => doings.openThread?.(message.ts)}>
          Reply in thread
        </button>
      )}
      {isMine && (
        <button type="button" className="plain" onClick={startEditing}>
          Edit message
        </button>
      )}
      {isMine && (
        <button type="button" className="plain" onClick={() => doings.remove(message)}>
          Delete message
        </button>
      )}
      {shortcuts.map((one) => (
        <button
          key={one.callback_id}
          type="button"
          className="plain"
          onClick={() => doings.useShortcut(one, message)}
        >
          {one.name} <small>{one.description}</small>
        </button>
      ))}
    </Menu>
  );
}

function Editing({ shown, message, doings, end }: ItemProps & { end: () => void }) {
  const [text, setText] = useState(typed(message.text, shown));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void doings.edit(message, text).then((done) => done && end());
      }}
    >
      <textarea aria-label="Edit message" value={text} onChange={(event) => setText(event.target.value)} />
      <button type="button" className="button" onClick={end}>
        Cancel
      </button>{" "}
      <button type="submit" className="button primary">
        Save
      </button>
    </form>
  );
}

/** Return a message as its author typed it: names for mentions, and no escapes. */
function typed(text: string, shown: Snapshot): string {
  const names = new Map(shown.people.map((one) => [`<@${one.id}>`, `@${one.realName}`]));
  for (const one of shown.channels) names.set(`<#${one.id}>`, `#${one.name}`);
  return text
    .replace(/<[@#]\w+>/g, (mention) => names.get(mention) ?? mention)
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
