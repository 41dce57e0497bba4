import { type ReactNode, useEffect, useRef } from "react";

type DialogProps = { label: string; onClose: () => void; children: ReactNode; className?: string };

/** A modal dialog: the browser keeps the focus inside, and Escape closes it. */
export function Dialog({ label, onClose, children, className = "" }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      className={className}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}

type Props = { title: string; text: string; confirm: string; deny: string; onDone: (sure: boolean) => void };

/** Ask before something is done. */
export function Confirming({ title, text, confirm, deny, onDone }: Props) {
  return (
    <Dialog label={title} onClose={() => onDone(false)} className="asking">
      <h2>{title}</h2>
      <p>{text}</p>
      <footer>
        <button type="button" className="button" onClick={() => onDone(false)}>
          {deny}
        </button>
        <button type="button" className="button primary" onClick={() => onDone(true)}>
          {confirm}
        </button>
      </footer>
    </Dialog>
  );
}
