"use strict";
const post = async (path, body) => {
  const answer = await fetch("/__mock/" + path, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  if (answer.ok) return location.reload();
  document.getElementById("problem").textContent = (await answer.json()).error;
};
document.addEventListener("click", (event) => {
  const { advance, reset } = event.target.dataset;
  if (advance) post("clock", { advance_ms: Number(advance) });
  if (reset === undefined) return;
  const what = reset || "all services";
  if (confirm(`Reset ${what}? What was created is lost.`)) post("reset", reset ? { service: reset } : {});
});
const live = document.getElementById("live");
live.checked = sessionStorage.getItem("live") === "true";
live.addEventListener("change", () => sessionStorage.setItem("live", live.checked));
setInterval(() => live.checked && location.reload(), 2000);
