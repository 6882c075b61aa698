/** The mark: a mill wheel over its race. */
export function Brand() {
  return (
    <span className="brand">
      <svg
        width="24"
        height="24"
        viewBox="0 0 24 24"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
      >
        <circle cx="12" cy="9.5" r="6" />
        <path d="M12 3.5v12M6 9.5h12M7.76 5.260l8.480 8.480M16.240 5.260l-8.480 8.480" strokeWidth="1.2" />
        <circle cx="12" cy="9.5" r="1.7" fill="currentColor" stroke="none" />
        <path d="M2.5 19.5c1.600-1.600 3.200-1.600 4.750 0s3.200 1.600 4.750 0 3.200-1.600 4.750 0 3.200 1.600 4.750 0" />
      </svg>
      <span className="brand-name">Millrace</span>
    </span>
  );
}
