"""The page: its chat, what an answer looks like, and what stands before gradio's own."""
