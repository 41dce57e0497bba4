/** The page: places on the left, the conversation, and a panel on the right. */

import { useEffect, useState } from "react";
import { Blocks } from "./Blocks";
import { Composer } from "./Composer";
import { Confirming } from "./Confirming";
import type { Chosen } from "./Elements";
import { Guide, type Prepared } from "./Guide";
import { Inspector } from "./Inspector";
import { type Doings, Messages } from "./Messages";
import { Modal } from "./Modal";
import { useKept, usePlace } from "./place";
import { Sidebar } from "./Sidebar";
import { follow, type Message, post, type Shortcut, type Snapshot, upload, type View } from "./slack";
import { SurroundingsContext, type Theme } from "./surroundings";

/** Everything on the page. */
export function App() {
  const [place, go] = usePlace();
  const [shown, setShown] = useState<Snapshot | null>(null);
  const [isConnected, setConnected] = useState(true);
  const [theme, setTheme] = useKept("theme", preferred());
  useEffect(() => {
    setShown(null);
    return follow(place.person, setShown, setConnected);
  }, [place.person]);
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  // What was told to somebody else is not shown to who is here now.
  const isTheirs = shown?.people.some((one) => one.id === shown.me && one.name === place.person);
  const other: Theme = theme === "dark" ? "light" : "dark";
  return (
    <>
      <div className="notice">
        <h1>PM Role playground</h1>
        <p>This is not Slack; nothing leaves this machine.</p>
        <button type="button" className="plain" onClick={() => setTheme(other)}>
          {other === "dark" ? "Dark" : "Light"} colours
        </button>
      </div>
      {!isConnected && (
        <p className="refused" role="alert">
          The playground does not answer. Is it still running? This page goes on when it is.
        </p>
      )}
      {shown && isTheirs ? (
        <SurroundingsContext
          value={{ people: shown.people, channels: shown.channels, theme: theme as Theme }}
        >
          <Office key={shown.me} shown={shown} place={place} go={go} />
        </SurroundingsContext>
      ) : (
        <main className="empty">Connecting…</main>
      )}
    </>
  );
}

const preferred = (): Theme =>
  matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

type Going = ReturnType<typeof usePlace>;

/** What one person has before them. */
function Office({ shown, place, go }: { shown: Snapshot; place: Going[0]; go: Going[1] }) {
  const [draft, setDraft] = useState("");
  const [reply, setReply] = useState("");
  const [files, setFiles] = useState<File[]>([]);
  const [replyFiles, setReplyFiles] = useState<File[]>([]);
  const [told, setTold] = useState("");
  const [isResetting, setResetting] = useState(false);
  const [inspector, setInspector] = useKept("inspector", "closed");
  const [guide, setGuide] = useKept("guide", "open");

  const direct = shown.channels.find((one) => one.kind === "im")?.id ?? "";
  const channel = shown.channels.find((one) => one.id === place.channel);
  const isHome = place.channel === "home";
  const who = { as: place.person };

  const doing = async <T,>(work: Promise<T>): Promise<T | null> => {
    setTold("");
    try {
      return await work;
    } catch (error) {
      setTold((error as Error).message);
      return null;
    }
  };
  const act = (what: string, more: object) => doing(post<Record<string, never>>("/page/do", { ...who, do: what, ...more }));

  useEffect(() => {
    if (!channel && !isHome) go({ channel: shown.channels[0]?.id ?? "home" });
    if (isHome) void act("home", {});
    if (channel?.kind === "im") void act("messages", {});
  }, [place.channel]);

  useEffect(() => {
    const prepared = takePrepared();
    if (!prepared) return;
    setDraft(prepared.text);
    setFiles(prepared.file ? [prepared.file] : []);
    go({ channel: prepared.place === "dm" ? direct : prepared.place });
  }, []);

  const prepare = (prepared: Prepared) => {
    if (prepared.person !== place.person) {
      keepPrepared(prepared);
      go({ person: prepared.person });
      return;
    }
    setDraft(prepared.text);
    setFiles(prepared.file ? [prepared.file] : []);
    go({ channel: prepared.place === "dm" ? direct : prepared.place });
    document.querySelector<HTMLElement>("main textarea")?.focus();
  };
  const send = (thread: string) => async (text: string, shared: File[]) => {
    const said = { channel: place.channel, thread, text };
    if (shared.length > 0) {
      const fields = { ...who, ...said };
      return (await doing(upload(fields, shared).then(() => true))) ?? false;
    }
    const done = await act("say", said);
    const ts = (done as { ts?: string } | null)?.ts;
    // In Slack one would see "1 reply" and open it.
    if (ts && !thread && /@pm ?role\b/i.test(text) && channel?.kind !== "im") go({ thread: ts });
    return done !== null;
  };
  const at = (message: Message) => ({ channel: message.channel, ts: message.ts });
  const doings: Doings = {
    use: (message) => (action, value, selected) =>
      void act("click", { ...at(message), action, value, selected }),
    edit: async (message, text) => (await act("edit", { ...at(message), text })) !== null,
    remove: (message) => void act("delete", at(message)),
    useShortcut: (shortcut, message) =>
      void act("shortcut", { callback: shortcut.callback_id, ...at(message) }),
    openThread: (ts) => go({ thread: ts }),
  };
  const useShortcut = (shortcut: Shortcut) => void act("shortcut", { callback: shortcut.callback_id });
  const useView = (view: View) => (action: string, value: string | null, selected: Chosen) =>
    void act("click", { view: view.id, action, value, selected });
  const submit = (view: View) => async (values: Record<string, Chosen>) => {
    try {
      const asked = { ...who, do: "submit", view: view.id, values };
      return (await post<{ errors: Record<string, string> }>("/page/do", asked)).errors;
    } catch (error) {
      return { "": (error as Error).message };
    }
  };

  const here = shown.messages.filter((one) => one.channel === place.channel);
  const listed = here.filter((one) => !one.thread || one.isBroadcast);
  const threaded = here.filter((one) => one.ts === place.thread || one.thread === place.thread);
  const refused = shown.calls.filter((one) => one.reasons.length > 0 && one.channel === place.channel);
  const statuses = shown.statuses.filter((one) => one.channel === place.channel);
  const bad = shown.calls.filter((one) => one.error).length;
  const name = channel?.kind === "im" ? "PM Role" : `#${channel?.name ?? ""}`;
  const top = shown.views.at(-1);
  const doingsInThread = { ...doings, openThread: undefined };
  return (
    <div className={place.thread ? "office threaded" : "office"}>
      <Sidebar shown={shown} place={place} go={go} />
      <main>
        <header>
          <h2>{isHome ? "PM Role: Home" : name}</h2>
          <button type="button" className="plain" aria-pressed={guide === "open"} onClick={() => setGuide(guide === "open" ? "closed" : "open")}>
            Things to try
          </button>
          <button type="button" className="plain" aria-pressed={inspector === "open"} onClick={() => setInspector(inspector === "open" ? "closed" : "open")}>
            Inspector{bad > 0 && <span className="count"> {bad} refused</span>}
          </button>
          <button type="button" className="plain" onClick={() => setResetting(true)}>
            Reset
          </button>
        </header>
        {guide === "open" && <Guide shown={shown} prepare={prepare} close={() => setGuide("closed")} />}
        {told && (
          <p className="refused" role="alert">
            {told}
          </p>
        )}
        {isHome ? (
          <div className="home" tabIndex={0} role="region" aria-label="App Home">
            {shown.home ? (
              <Blocks key={shown.home.hash} blocks={shown.home.blocks} values={shown.home.values} use={useView(shown.home)} />
            ) : (
              <p className="empty">The app has not published its Home yet.</p>
            )}
          </div>
        ) : (
          <>
            <Messages
              key={place.channel}
              shown={shown}
              label={`Messages in ${name}`}
              messages={listed}
              refused={refused.filter((one) => !one.thread)}
              statuses={channel?.kind === "im" ? statuses : []}
              doings={doings}
              empty={channel?.hasBot ? "Nothing here yet." : "PM Role is not a member here; /pmrole works all the same."}
            />
            {channel?.kind === "im" && (
              <div className="prompts" role="group" aria-label="Suggested questions">
                {shown.prompts.map((one) => (
                  <button key={one.title} type="button" className="button" onClick={() => void act("say", { channel: direct, text: one.message })}>
                    {one.title}
                  </button>
                ))}
              </div>
            )}
            {channel && !channel.isArchived && (
              <Composer
                shown={shown}
                label={`Message ${name}`}
                text={draft}
                onText={setDraft}
                files={files}
                onFiles={setFiles}
                send={send("")}
                useShortcut={useShortcut}
              />
            )}
          </>
        )}
      </main>
      {place.thread && !isHome && (
        <aside className="panel thread" aria-label="Thread">
          <header>
            <h2>Thread</h2>
            <button type="button" className="plain" aria-label="Close the thread" onClick={() => go({})}>
              ✕
            </button>
          </header>
          <Messages
            key={place.thread}
            shown={shown}
            label="Messages in the thread"
            messages={threaded}
            refused={refused.filter((one) => one.thread === place.thread)}
            statuses={statuses.filter((one) => one.thread === place.thread)}
            doings={doingsInThread}
            empty="That thread is gone."
          />
          <Composer
            shown={shown}
            label="Reply"
            text={reply}
            onText={setReply}
            files={replyFiles}
            onFiles={setReplyFiles}
            send={send(place.thread)}
          />
        </aside>
      )}
      {inspector === "open" && <Inspector shown={shown} close={() => setInspector("closed")} />}
      {top && (
        <Modal
          key={top.id}
          view={top}
          depth={shown.views.length}
          use={useView(top)}
          submit={submit(top)}
          close={(everything) => void act("close", { view: top.id, everything })}
        />
      )}
      {isResetting && (
        <Confirming
          title="Reset the playground?"
          text="Messages, votes and articles that were added here are forgotten. Your own folder of articles was never changed."
          confirm="Reset"
          deny="Cancel"
          onDone={(sure) => {
            setResetting(false);
            if (sure) void doing(post("/page/reset", {})).then(() => go({ channel: "C0CAREERS" }));
          }}
        />
      )}
    </div>
  );
}

// A suggestion for another person waits here until the page shows theirs.
let waiting: Prepared | null = null;
const keepPrepared = (prepared: Prepared) => {
  waiting = prepared;
};
const takePrepared = () => {
  const taken = waiting;
  waiting = null;
  return taken;
};
