// A bar for work done of work known.

export function Meter({ label, share }: { readonly label: string; readonly share: number }) {
  const percent = Math.round(100 * Math.min(1, Math.max(0, share)));
  return (
    <div
      className="meter"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div style={{ inlineSize: `${percent}%` }} />
    </div>
  );
}
